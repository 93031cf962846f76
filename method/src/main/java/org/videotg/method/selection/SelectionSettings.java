package org.videotg.method.selection;

import java.util.Map;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.method.reflection.ReflectionPolicy;

/** Settings of selection, defined by this project except that partial samples are discarded and that 10 % suffice. */
public record SelectionSettings(
        @Setting(value = "share of the samples that is selected", defaultValue = "0.1", range = "in (0, 1]")
        double fraction,

        @Setting(value = "bins of equal width over difficulty [0, 1]", defaultValue = "5", range = "at least 1")
        int bins,

        @Setting(
                value = "the agents stop when so many times the wanted number of samples could be selected",
                defaultValue = "1",
                range = "at least 1")
        double poolFactor,

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

        @Setting(value = "what becomes of partially annotated samples", defaultValue = "discard")
        ReflectionPolicy policy,

        @Setting(value = "seed of the order in which samples are looked at and chosen", defaultValue = "0")
        long seed) {
    public SelectionSettings {
        Settings.check(SelectionSettings.class, fraction, bins, poolFactor, eligibleIou, tau, policy, seed);
    }

    public static SelectionSettings defaults() {
        return Settings.defaults(SelectionSettings.class);
    }

    public SelectionSettings withFraction(double changed) {
        return Settings.with(this, Map.of("fraction", changed));
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

    /** How many eligible samples the agents look for. */
    public int poolWanted(int original) {
        return Math.min(original, (int) Math.ceil(poolFactor * wanted(original)));
    }
}
