package org.videotg.models.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;

/**
 * The user's options for how a model reads videos. Those that are null have the default of the checkpoint or of its
 * family. They change results, so every run records them.
 *
 * @param preprocessing the program whose rules turn a video into frames
 * @param fps frames sampled per second
 * @param minFrames the least number of frames
 * @param maxFrames the greatest number of frames
 * @param minPixels least pixels of a frame, or of the whole clip where the family's {@link Preprocessing#HF} has a
 *     budget for it
 * @param maxPixels most pixels, likewise
 * @param totalPixels most pixels of all temporal grids of a clip; qwen-vl-utils only
 * @param positions where text continues after a video
 * @param gridSeconds the duration of a grid that temporal positions are made from, in a family that uses it
 * @param outerPair whether a prompt with timestamped grids keeps vision_start and vision_end around the whole video, as
 *     transformers does from 5.10 on
 */
public record VideoOptions(
        Preprocessing preprocessing,
        Double fps,
        Integer minFrames,
        Integer maxFrames,
        Long minPixels,
        Long maxPixels,
        Double totalPixels,
        PositionScheme positions,
        GridSeconds gridSeconds,
        boolean outerPair) {
    /** Names of the options, those of qwen-vl-utils where it has them, and what they mean. */
    public static final Map<String, String> KNOWN = known();

    /** No options. */
    public static final VideoOptions NONE = of(Map.of());

    private static Map<String, String> known() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("preprocessing", "hf, utils or utils+hf");
        known.put("fps", "frames a second");
        known.put("min_frames", "least frames");
        known.put("max_frames", "most frames");
        known.put("min_pixels", "least pixels of a frame; of the clip for Qwen3-VL with hf");
        known.put("max_pixels", "most pixels, likewise");
        known.put("total_pixels", "most pixels of all pairs of frames; not with hf");
        known.put("positions", "qwen or transformers: where text continues after a video");
        known.put("second_per_grid", "exact, whole or a number: seconds of a grid in Qwen2.5-VL's positions");
        known.put("outer_pair", "true or false: Qwen3-VL's vision_start and vision_end around the whole video too");
        return Collections.unmodifiableMap(known);
    }

    /**
     * Returns options given by name.
     *
     * @throws InputException naming an option that is unknown, or one whose value doesn't fit
     */
    public static VideoOptions of(Map<String, String> given) {
        given.keySet().stream()
                .filter(option -> !KNOWN.containsKey(option))
                .findFirst()
                .ifPresent(option -> {
                    throw new InputException(
                            "unknown video option \"" + option + "\"; known: " + String.join(", ", KNOWN.keySet()));
                });
        return new VideoOptions(
                value(given, "preprocessing", Preprocessing::withId, "hf, utils or utils+hf"),
                value(given, "fps", VideoOptions::positive, "a number above 0"),
                integer(given, "min_frames"),
                integer(given, "max_frames"),
                pixels(given, "min_pixels"),
                pixels(given, "max_pixels"),
                value(given, "total_pixels", VideoOptions::positive, "a number above 0"),
                value(given, "positions", PositionScheme::withId, "qwen or transformers"),
                value(given, "second_per_grid", GridSeconds::withId, "exact, whole or a number of at least 0"),
                Boolean.TRUE.equals(value(given, "outer_pair", VideoOptions::flag, "true or false")));
    }

    private static Integer integer(Map<String, String> given, String option) {
        return value(
                given,
                option,
                text -> {
                    int value = Integer.parseInt(text);
                    return value < 1 ? null : value;
                },
                "a whole number of at least 1");
    }

    private static Long pixels(Map<String, String> given, String option) {
        return value(
                given,
                option,
                text -> {
                    long value = Long.parseLong(text);
                    return value < 1 ? null : value;
                },
                "a whole number of at least 1");
    }

    private static Double positive(String text) {
        double value = Double.parseDouble(text);
        return value > 0 && !Double.isInfinite(value) ? value : null;
    }

    private static Boolean flag(String text) {
        return (text.equals("true") || text.equals("false")) ? Boolean.valueOf(text) : null;
    }

    /** The option's value, or null if it isn't given; {@code parse} gives null, or fails, for what doesn't fit. */
    private static <T> T value(Map<String, String> given, String option, Function<String, T> parse, String wanted) {
        String text = given.get(option);
        if (text == null) {
            return null;
        }
        T value;
        try {
            value = parse.apply(text.strip());
        } catch (NumberFormatException e) {
            value = null;
        }
        if (value == null) {
            throw new InputException("video option " + option + " must be " + wanted + ", not \"" + text + "\"");
        }
        return value;
    }

    /** Returns an option's value, or what stands in for it where it is null. */
    public static <T> T given(T option, T fallback) {
        return option == null ? fallback : option;
    }

    /** Returns the rule of positions. */
    public PositionScheme positionRule() {
        return given(positions, PositionScheme.QWEN);
    }

    /** Returns the seconds of a grid from which positions are computed. */
    public GridSeconds secondsOfGrids() {
        return given(gridSeconds, GridSeconds.EXACT);
    }

    /** Returns the options that change the prompt, in one line for manifests; empty by default. */
    public String describePrompt() {
        Map<String, String> changed = new TreeMap<>();
        if (positionRule() != PositionScheme.QWEN) {
            changed.put("positions", positionRule().id());
        }
        if (!secondsOfGrids().equals(GridSeconds.EXACT)) {
            changed.put("second_per_grid", secondsOfGrids().id());
        }
        if (outerPair) {
            changed.put("outer_pair", "true");
        }
        return changed.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    /** The program whose rules turn a video into frames. */
    public enum Preprocessing {
        /** The video processor of transformers 5.18 with the checkpoint's own configuration. */
        HF,
        /** qwen-vl-utils 0.0.14. */
        UTILS,
        /**
         * qwen-vl-utils, and the processor of transformers resizes once more: what happens without {@code
         * do_resize=False}.
         */
        UTILS_HF;

        /** Returns its name in options. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '+');
        }

        /** Returns the one of that name, or null. */
        static Preprocessing withId(String id) {
            return Arrays.stream(values())
                    .filter(value -> value.id().equals(id))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * The seconds of a temporal grid from which temporal positions are computed ({@code second_per_grid_ts}); versions
     * of transformers disagree.
     */
    public sealed interface GridSeconds {
        /** The seconds between the grids of the sampled frames. */
        GridSeconds EXACT = new Exact();
        /**
         * Truncated to a whole number, so that above two frames a second all positions are 0: transformers 4.57 and
         * 5.14.
         */
        GridSeconds WHOLE = new Whole();

        /** @param actual seconds from one grid to the next */
        double of(double actual);

        /** Returns its name in options. */
        String id();

        /** @see #EXACT */
        record Exact() implements GridSeconds {
            @Override
            public double of(double actual) {
                return actual;
            }

            @Override
            public String id() {
                return "exact";
            }
        }

        /** @see #WHOLE */
        record Whole() implements GridSeconds {
            @Override
            public double of(double actual) {
                return Math.floor(actual);
            }

            @Override
            public String id() {
                return "whole";
            }
        }

        /**
         * The same for every video: 1 where the processor was not told the frame rate, or generation did not pass the
         * seconds on.
         *
         * @param seconds at least 0
         */
        record Fixed(double seconds) implements GridSeconds {
            @Override
            public double of(double actual) {
                return seconds;
            }

            @Override
            public String id() {
                return Double.toString(seconds);
            }
        }

        /** Returns the one of that name, or null. */
        static GridSeconds withId(String id) {
            return switch (id) {
                case "exact" -> EXACT;
                case "whole" -> WHOLE;
                default -> {
                    double seconds = Double.parseDouble(id);
                    yield seconds >= 0 && !Double.isInfinite(seconds) ? new Fixed(seconds) : null;
                }
            };
        }
    }
}
