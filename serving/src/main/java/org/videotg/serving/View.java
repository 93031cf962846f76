package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.Optional;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.sample.Clip;

/**
 * What a request shows of a video.
 *
 * @param address of the video
 * @param name for seeded draws
 */
record View(String address, Optional<String> name, Clip clip, GridMask mask) {
    private static final int MAX_GRIDS = 1 << 20;

    /** Reads the field {@code videotg} of a request. */
    static View of(String address, Fields request) {
        Fields extension = request.object("videotg");
        return new View(address, extension.text("name"), clip(extension), mask(extension));
    }

    private static Clip clip(Fields extension) {
        Fields clip = extension.object("clip");
        try {
            return new Clip(
                    clip.number("start", 0, 0, Double.MAX_VALUE),
                    clip.number("end", Double.POSITIVE_INFINITY, 0, Double.MAX_VALUE));
        } catch (IllegalArgumentException e) {
            throw extension.wrong("clip", "is no clip: " + e.getMessage());
        }
    }

    private static GridMask mask(Fields extension) {
        if (!extension.has("mask")) {
            return GridMask.none();
        }
        Fields mask = extension.object("mask");
        MaskMode mode = switch (mask.required("mode")) {
            case "blank" -> MaskMode.BLANK;
            case "drop" -> MaskMode.DROP;
            default -> throw mask.wrong("mode", "must be blank or drop");
        };
        BitSet masked = new BitSet();
        JsonNode grids = mask.node().path("grids");
        if (!grids.isArray()) {
            throw mask.wrong("grids", "must be a list of numbers of temporal grids");
        }
        for (JsonNode grid : grids) {
            if (!grid.isInt() || grid.intValue() < 0 || grid.intValue() >= MAX_GRIDS) {
                throw mask.wrong("grids", "must hold numbers of temporal grids, from 0");
            }
            masked.set(grid.intValue());
        }
        return GridMask.of(masked, mode);
    }
}
