package org.videotg.method.selection;

import java.util.Map;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.method.reflection.ReflectionPolicy;

/**
 * Settings of selection, defined by this project except that partial samples are discarded, that 10 % suffice, and what
 * the strategies of others say ({@link SelectionStrategy}).
 */
public record SelectionSettings(
        @Setting(value = "share of the samples that is selected", defaultValue = "0.1", range = "in (0, 1]")
        double fraction,

        @Setting(value = "how samples are chosen", tag = "strategy", defaultValue = "stratified")
        SelectionStrategy strategy,

        @Setting("whether samples that boundary reflection rejects are left out; without it as the strategy does:"
                + " stratified and balanced leave them out")
        Boolean reflect,

        @Setting("whether difficulty is estimated, so that the curriculum can mask hard samples; without it as the"
                + " strategy needs it: random and oracle do not")
        Boolean rate,

        @Setting(
                value =
                        "the agents stop when so many times the wanted number of samples could be selected; 1 / fraction"
                                + " or more lets them look at all. Without it 1, for balanced 1.5, for gaussian and inverse-iou"
                                + " all, and for select all that have verdicts",
                range = "at least 1")
        Double poolFactor,

        @Setting(
                value = "bins of equal width over difficulty [0, 1]: strata, and rows of the report",
                defaultValue = "5",
                range = "in [1, 1000]")
        int bins,

        @Setting(
                value = "bins of annotated length between quantiles of the data: strata of balanced, and rows of the"
                        + " report",
                defaultValue = "2",
                range = "in [1, 1000]")
        int lengthBins,

        @Setting(
                value =
                        "a hard sample needs a zero-shot interval with at least this IoU, unless nothing was found anywhere",
                defaultValue = "0.3",
                range = "in [0, 1]")
        double eligibleIou,

        @Setting(
                value = "a repaired sample is hard if its mean IoU with the repaired annotation is below this",
                defaultValue = "0.3",
                range = "in [0, 1]")
        double tau,

        @Setting(value = "what becomes of samples that reflection finds partially annotated", defaultValue = "discard")
        ReflectionPolicy policy,

        @Setting(value = "seed of the order in which samples are looked at and chosen", defaultValue = "0")
        long seed) {
    public SelectionSettings {
        Settings.check(
                SelectionSettings.class,
                fraction,
                strategy,
                reflect,
                rate,
                poolFactor,
                bins,
                lengthBins,
                eligibleIou,
                tau,
                policy,
                seed);
        if (strategy.rates() && Boolean.FALSE.equals(rate)) {
            throw new InputException(
                    "the strategy " + strategy.id() + " chooses by difficulty; leave \"rate\" out, or set it to true");
        }
        if (strategy.needsReflection() && Boolean.FALSE.equals(reflect)) {
            throw new InputException("the strategy " + strategy.id()
                    + " chooses by reflection verdicts; leave \"reflect\" out, or set it to true");
        }
    }

    public static SelectionSettings defaults() {
        return Settings.defaults(SelectionSettings.class);
    }

    public SelectionSettings withFraction(double changed) {
        return Settings.with(this, Map.of("fraction", changed));
    }

    public SelectionSettings withStrategy(SelectionStrategy changed) {
        return Settings.with(this, Map.of("strategy", changed));
    }

    public SelectionSettings withPoolFactor(double changed) {
        return Settings.with(this, Map.of("poolFactor", changed));
    }

    public SelectionSettings withPolicy(ReflectionPolicy changed) {
        return Settings.with(this, Map.of("policy", changed));
    }

    public SelectionSettings withSeed(long changed) {
        return Settings.with(this, Map.of("seed", changed));
    }

    /** How many of {@code original} samples are selected: rounded to the nearest, halves up, at least 1. */
    public int wanted(int original) {
        return Math.max(1, (int) Math.round(fraction * original));
    }

    /** Whether samples need a reflection verdict, and are left out if it rejects them. */
    public boolean reflects() {
        return reflect == null ? strategy.reflects() : reflect;
    }

    /** Whether samples need a difficulty verdict. */
    public boolean rates() {
        return rate == null ? strategy.rates() : rate;
    }

    /** How many candidates the agents look for. */
    public int poolWanted(int original) {
        double factor = poolFactor == null ? strategy.poolFactor() : poolFactor;
        return (int) Math.min(original, Math.ceil(factor * wanted(original)));
    }
}
