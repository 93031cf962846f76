package org.videotg.method.reflection;

import java.util.Map;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.mllm.Decoding;

/** Settings of boundary reflection, all defined by this project. */
public record ReflectionSettings(
        @Setting(
                value = "how the agent asks: for a list of intervals, or for yes or no at every grid",
                defaultValue = "list")
        QuestionForm form,

        @Setting(
                value = "replies per sample (list): 1 is greedy, more are drawn at temperature 1 and vote",
                defaultValue = "1",
                range = "at least 1")
        int samples,

        @Setting(
                value = "a moment counts if more than this share of the parsed replies names it (list)",
                defaultValue = "0.5",
                range = "in [0, 1)")
        double voteThreshold,

        @Setting(value = "tokens of a reply (list)", defaultValue = "96", range = "at least 1")
        int maxTokens,

        @Setting(
                value = "tolerance around the annotation, in seconds; the larger of it and deltaRatio is taken",
                defaultValue = "0.5",
                range = "at least 0")
        double deltaSeconds,

        @Setting(
                value = "tolerance around the annotation, as a share of the annotated length",
                defaultValue = "0.05",
                range = "at least 0")
        double deltaRatio,

        @Setting(
                value = "reflected intervals shorter than this are dropped, in seconds",
                defaultValue = "0.5",
                range = "at least 0")
        double minSpan,

        @Setting(
                value = "a sample is partially annotated if at least so many seconds are reflected",
                defaultValue = "1",
                range = "at least 0")
        double minSeconds,

        @Setting(
                value =
                        "a sample is also partially annotated if at least this share of the annotated length is reflected",
                defaultValue = "0.25",
                range = "at least 0")
        double ratio,

        @Setting(
                value = "a grid is relevant if P(yes) is above this (probe)",
                defaultValue = "0.5",
                range = "in [0, 1)")
        double probeThreshold,

        @Setting(
                value = "so many neighbouring relevant grids make an interval (probe)",
                defaultValue = "1",
                range = "at least 1")
        int probeGrids,

        @Setting(value = "how the annotated grids are hidden: blank or drop", defaultValue = "drop")
        MaskMode maskMode,

        @Setting(value = "seed of all draws; on the command line that of the command", defaultValue = "0")
        long seed) {
    public ReflectionSettings {
        Settings.check(
                ReflectionSettings.class,
                form,
                samples,
                voteThreshold,
                maxTokens,
                deltaSeconds,
                deltaRatio,
                minSpan,
                minSeconds,
                ratio,
                probeThreshold,
                probeGrids,
                maskMode,
                seed);
    }

    public static ReflectionSettings defaults() {
        return Settings.defaults(ReflectionSettings.class);
    }

    public ReflectionSettings withForm(QuestionForm changed) {
        return Settings.with(this, Map.of("form", changed));
    }

    public ReflectionSettings withSamples(int changed) {
        return Settings.with(this, Map.of("samples", changed));
    }

    public ReflectionSettings withProbe(double threshold, int grids) {
        return Settings.with(this, Map.of("probeThreshold", threshold, "probeGrids", grids));
    }

    public ReflectionSettings withMaskMode(MaskMode changed) {
        return Settings.with(this, Map.of("maskMode", changed));
    }

    public ReflectionSettings withSeed(long changed) {
        return Settings.with(this, Map.of("seed", changed));
    }

    /** How the list question is decoded: greedily for one reply, at temperature 1 for several. */
    public Decoding decoding(long sampleSeed) {
        return new Decoding(samples, samples == 1 ? 0 : 1, maxTokens, sampleSeed);
    }
}
