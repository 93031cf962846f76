package org.videotg.smallworld.scene;

import java.util.List;
import java.util.Random;
import org.videotg.core.io.InputException;
import org.videotg.smallworld.scene.Scene.Look;

/**
 * The distribution of the scenes of a domain. Presets: {@link #BASE}, on which the small model is pretrained;
 * {@link #DENSE}, many objects in most seconds, for the vision tower; {@link #CROWDED}, more and more similar
 * distractors in more varied looks, for the end of pretraining; {@link #TARGET}, for the demo: other light, and events
 * during which objects are hidden for a second or two.
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
 * @throws InputException if a field is out of its range
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

    private static final Range BRIEF = new Range(1, 2);

    public static final DomainSettings BASE = new DomainSettings(
            "base",
            new Range(16, 32),
            new Range(.02, .15),
            new Range(.75, 1),
            new Range(20, 70),
            8,
            new Range(0, 4),
            new Range(-6, 6),
            new Range(.9, 1),
            new Range(12, 14),
            new Range(8, 8),
            new Range(2, 5),
            .7,
            .2,
            new Range(2, 3),
            new Range(4, 14),
            new Range(2, 10),
            new Range(0, 8),
            .6,
            0,
            BRIEF);

    public static final DomainSettings DENSE = new DomainSettings(
            "dense",
            BASE.seconds,
            BASE.noise,
            BASE.contrast,
            BASE.background,
            BASE.tint,
            BASE.texture,
            BASE.hueShift,
            BASE.brightness,
            BASE.size,
            BASE.speed,
            new Range(4, 6),
            .3,
            BASE.shortShare,
            BASE.shortLength,
            BASE.longLength,
            new Range(2, 6),
            new Range(0, 1),
            1,
            0,
            BRIEF);

    public static final DomainSettings CROWDED = new DomainSettings(
            "crowded",
            new Range(24, 32),
            new Range(.02, .16),
            BASE.contrast,
            BASE.background,
            12,
            new Range(0, 8),
            new Range(-8, 8),
            new Range(.85, 1),
            new Range(11, 14),
            new Range(6, 8),
            new Range(3, 7),
            .85,
            .3,
            BASE.shortLength,
            BASE.longLength,
            new Range(2, 8),
            new Range(0, 6),
            .9,
            0,
            BRIEF);

    public static final DomainSettings TARGET = new DomainSettings(
            "target",
            new Range(32, 32),
            new Range(.12, .12),
            new Range(.8, .8),
            BASE.background,
            12,
            new Range(4, 10),
            new Range(4, 12),
            new Range(.8, .95),
            new Range(11, 13),
            new Range(6, 8),
            BASE.distractors,
            BASE.similar,
            .3,
            BASE.shortLength,
            BASE.longLength,
            BASE.eventLength,
            BASE.gap,
            BASE.others,
            .8,
            BRIEF);

    private static final List<DomainSettings> PRESETS = List.of(BASE, DENSE, CROWDED, TARGET);

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

    /**
     * Returns the preset of that name.
     *
     * @throws InputException if there is none
     */
    public static DomainSettings named(String name) {
        return PRESETS.stream()
                .filter(preset -> preset.name.equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new InputException("unknown domain \"" + name + "\"; known: base, dense, crowded, target"));
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
