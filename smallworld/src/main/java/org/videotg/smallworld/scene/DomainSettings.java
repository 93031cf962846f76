package org.videotg.smallworld.scene;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;
import org.videotg.core.io.Yaml;
import org.videotg.smallworld.scene.Scene.Look;

/**
 * The distribution of the scenes of a domain. Presets, in {@code domains.yaml}: {@code base}, on which the small model
 * is pretrained; {@code dense}, many objects in most seconds, for the vision tower; {@code crowded}, more and more
 * similar distractors in more varied looks, for the end of pretraining; {@code extended}, half a minute to two minutes,
 * for a model that {@code long} is to be asked of; {@code target}, for the demo: other light, and
 * events during which objects are hidden for a second or two; {@code long}, the same in videos of one to two minutes.
 *
 * @param seconds length of the video in whole seconds
 * @param noise see {@link Look#noise}
 * @param contrast see {@link Look#contrast}
 * @param background brightness of the background, 0..255
 * @param tint maximum deviation of a background channel from {@code background}, 0..255
 * @param texture see {@link Look#texture}
 * @param hueShift degrees, see {@link Look#hueShift}
 * @param brightness see {@link Look#brightness}
 * @param size side of the objects in whole pixels
 * @param speed of moving objects in pixels per second
 * @param distractors number of objects beside the query object
 * @param similar share of the distractors that have two of colour, shape and action in common with the query
 * @param shortShare share of the completely annotated scenes with a short event
 * @param shortLength of short events in whole seconds
 * @param longLength of other events in whole seconds; at most half of the video, or 6 s if that is more
 * @param eventLength of the distractors' events in whole seconds
 * @param gap whole seconds between two events of an object
 * @param occluded share of the events of at least {@value #OCCLUDED_LENGTH} seconds that are hidden for a part in the
 * middle
 * @param occlusion length of the hidden part in whole seconds
 * @param others probability of each possible event in which the query object does something else
 */
public record DomainSettings(
        String name,
        Range seconds,
        Range noise,
        Range contrast,
        Range background,
        double tint,
        Range texture,
        Range hueShift,
        Range brightness,
        Range size,
        Range speed,
        Range distractors,
        double similar,
        double shortShare,
        Range shortLength,
        Range longLength,
        Range eventLength,
        Range gap,
        double others,
        double occluded,
        Range occlusion) {
    /** Minimum length in seconds of an event that may be partly hidden. */
    static final int OCCLUDED_LENGTH = 6;
    /** Minimum number of visible seconds before and after a hidden part. */
    static final int VISIBLE_SECONDS = 2;

    private static final Map<String, DomainSettings> PRESETS = presets();

    /** @throws InputException if a field is out of its range */
    public DomainSettings {
        if (name == null || !name.matches("[a-z][a-z0-9]*")) {
            throw new InputException("a domain's name is lower-case letters and digits, not " + name);
        }
        whole("seconds", seconds, 8, 600);
        within("noise", noise, 0, 1);
        within("contrast", contrast, .05, 1);
        within("background", background, 0, 255);
        within("texture", texture, 0, 128);
        within("hueShift", hueShift, -45, 45);
        within("brightness", brightness, .1, 1.5);
        whole("size", size, 6, 20);
        within("speed", speed, 4, 16);
        whole("distractors", distractors, 0, 12);
        whole("shortLength", shortLength, 1, 4);
        whole("longLength", longLength, 2, 600);
        whole("eventLength", eventLength, 1, 600);
        whole("gap", gap, 0, 600);
        share("similar", similar);
        share("shortShare", shortShare);
        share("others", others);
        share("occluded", occluded);
        whole("occlusion", occlusion, 1, OCCLUDED_LENGTH - 2 * VISIBLE_SECONDS);
        if (tint < 0 || tint > 128) {
            throw new InputException("\"tint\" must lie in [0, 128], not " + tint);
        }
    }

    private static Map<String, DomainSettings> presets() {
        String file = "domains.yaml";
        JsonNode all = Yaml.parse(Resources.text(DomainSettings.class, file), file);
        Map<String, DomainSettings> presets = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> preset : all.properties()) {
            ObjectNode settings = all.get("base").deepCopy();
            settings.put("name", preset.getKey()).setAll((ObjectNode) preset.getValue());
            presets.put(preset.getKey(), Json.convert(settings, DomainSettings.class, file + ": " + preset.getKey()));
        }
        return presets;
    }

    /**
     * Returns the preset of that name.
     *
     * @throws InputException if there is none
     */
    public static DomainSettings named(String name) {
        DomainSettings preset = PRESETS.get(name);
        if (preset == null) {
            throw new InputException("unknown domain \"" + name + "\"; known: " + String.join(", ", PRESETS.keySet()));
        }
        return preset;
    }

    private static void within(String field, Range range, double least, double most) {
        if (range == null || range.min() < least || range.max() > most) {
            throw new InputException("\"" + field + "\" must lie in [" + least + ", " + most + "], not " + range);
        }
    }

    private static void whole(String field, Range range, int least, int most) {
        within(field, range, least, most);
        if (Math.floor(range.max()) < Math.ceil(range.min())) {
            throw new InputException("\"" + field + "\" must hold a whole number, unlike " + range);
        }
    }

    private static void share(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new InputException("\"" + field + "\" must lie in [0, 1], not " + value);
        }
    }

    /** A closed range that values are drawn from. */
    public record Range(double min, double max) {
        public Range {
            if (!(min <= max) || Double.isInfinite(min) || Double.isInfinite(max)) {
                throw new IllegalArgumentException("a range needs min <= max, not [" + min + ", " + max + "]");
            }
        }

        /** A real number, uniform. */
        public double draw(Random random) {
            return min + (max - min) * random.nextDouble();
        }

        /** A whole number, uniform over those in the range. */
        public int drawWhole(Random random) {
            int first = (int) Math.ceil(min);
            return first + random.nextInt((int) Math.floor(max) - first + 1);
        }
    }
}
