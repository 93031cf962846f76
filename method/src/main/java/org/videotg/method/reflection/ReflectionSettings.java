package org.videotg.method.reflection;

import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Decoding;

/**
 * Settings of boundary reflection, all defined by this project.
 *
 * @param form list or probe
 * @param samples replies K per sample (list): 1 is greedy, more are drawn at temperature 1 and vote
 * @param voteThreshold a moment is voted for if more than this share of the parsed replies names it; in [0, 1)
 * @param maxTokens of a reply
 * @param deltaSeconds tolerance around the annotation is the larger of this, in seconds,
 * @param deltaRatio and this share of the annotated length
 * @param minSpan reflected pieces shorter than this are dropped, seconds
 * @param minSeconds a sample is partially annotated if at least so many seconds are reflected,
 * @param ratio or at least this share of the annotated length
 * @param probeThreshold a grid is relevant if P(yes) is above this (probe)
 * @param probeGrids so many relevant grids must be neighbours to make a span (probe)
 * @param maskMode how the annotated grids are hidden
 * @param seed of all draws
 */
public record ReflectionSettings(
        ReflectionForm form,
        int samples,
        double voteThreshold,
        int maxTokens,
        double deltaSeconds,
        double deltaRatio,
        double minSpan,
        double minSeconds,
        double ratio,
        double probeThreshold,
        int probeGrids,
        MaskMode maskMode,
        long seed) {
    public ReflectionSettings {
        if (form == null || maskMode == null) {
            throw new InputException("reflection: \"form\" and \"maskMode\" must be given");
        }
        check("samples", samples, samples >= 1, "at least 1");
        check("voteThreshold", voteThreshold, voteThreshold >= 0 && voteThreshold < 1, "in [0, 1)");
        check("maxTokens", maxTokens, maxTokens >= 1, "at least 1");
        check("deltaSeconds", deltaSeconds, finite(deltaSeconds), "0 or more");
        check("deltaRatio", deltaRatio, finite(deltaRatio), "0 or more");
        check("minSpan", minSpan, finite(minSpan), "0 or more");
        check("minSeconds", minSeconds, finite(minSeconds), "0 or more");
        check("ratio", ratio, finite(ratio), "0 or more");
        check("probeThreshold", probeThreshold, probeThreshold >= 0 && probeThreshold < 1, "in [0, 1)");
        check("probeGrids", probeGrids, probeGrids >= 1, "at least 1");
    }

    /**
     * {@code list}, one greedy reply, majority vote, tolerance max(0.5 s, 5 %), pieces from 0.5 s, partial from 1 s or 25 %,
     * probe above 0.5, annotated grids dropped.
     */
    public static ReflectionSettings defaults() {
        return new ReflectionSettings(
                ReflectionForm.LIST, 1, 0.5, 96, 0.5, 0.05, 0.5, 1.0, 0.25, 0.5, 1, MaskMode.DROP, 0);
    }

    public ReflectionSettings withForm(ReflectionForm changed) {
        return new ReflectionSettings(
                changed,
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

    public ReflectionSettings withSamples(int changed) {
        return new ReflectionSettings(
                form,
                changed,
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

    public ReflectionSettings withProbe(double threshold, int grids) {
        return new ReflectionSettings(
                form,
                samples,
                voteThreshold,
                maxTokens,
                deltaSeconds,
                deltaRatio,
                minSpan,
                minSeconds,
                ratio,
                threshold,
                grids,
                maskMode,
                seed);
    }

    public ReflectionSettings withMaskMode(MaskMode changed) {
        return new ReflectionSettings(
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
                changed,
                seed);
    }

    public ReflectionSettings withSeed(long changed) {
        return new ReflectionSettings(
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
                changed);
    }

    /** How the list question is decoded: greedily for one reply, at temperature 1 for several. */
    public Decoding decoding(long sampleSeed) {
        return new Decoding(samples, samples == 1 ? 0 : 1, maxTokens, sampleSeed);
    }

    private static boolean finite(double value) {
        return value >= 0 && !Double.isInfinite(value);
    }

    private static void check(String name, Number value, boolean valid, String range) {
        if (!valid) {
            throw new InputException("reflection: \"" + name + "\" must be " + range + ", not " + value);
        }
    }
}
