package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.sample.Clip;

/**
 * What a request shows of a video.
 *
 * @param address of the video
 * @param times of its pictures in seconds, if the address holds pictures
 * @param name for seeded draws
 */
record View(String address, Optional<List<Double>> times, Optional<String> name, Clip clip, GridMask mask) {
    private static final int MAX_GRIDS = 1 << 20;
    private static final int MAX_TIMES = 4096;

    /** Reads the field {@code videotg} of a request. */
    static View of(String address, Fields request) {
        Fields extension = request.object("videotg");
        return new View(address, times(extension), extension.text("name"), clip(extension), mask(extension));
    }

    private static Optional<List<Double>> times(Fields extension) {
        if (!extension.has("times")) {
            return Optional.empty();
        }
        JsonNode list = extension.node().get("times");
        if (!list.isArray() || list.isEmpty() || list.size() > MAX_TIMES) {
            throw extension.wrong("times", "must be a list of 1 to " + MAX_TIMES + " times in seconds");
        }
        List<Double> times = new ArrayList<>();
        for (JsonNode time : list) {
            if (!time.isNumber()) {
                throw extension.wrong("times", "must hold numbers: seconds");
            }
            times.add(time.doubleValue());
        }
        return Optional.of(times);
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
