package org.videotg.method.selection;

import org.videotg.core.io.InputException;
import org.videotg.method.reflection.ReflectionPolicy;

/**
 * Settings of selection, defined by this project except that partial samples are discarded and that 10 % suffice.
 *
 * @param fraction of the original count that is selected, in (0, 1]
 * @param bins of equal width over difficulty [0, 1]
 * @param poolFactor agents stop when so many times the wanted number of samples could be selected; at least 1
 * @param eligibleIou a hard sample needs a zero-shot span with at least this IoU, unless nothing was found anywhere
 * @param tau a repaired sample is hard iff its mean IoU with the repaired annotation is below this
 * @param policy for partially annotated samples
 * @param seed of the order in which samples are looked at and chosen
 */
public record SelectionSettings(
        double fraction,
        int bins,
        double poolFactor,
        double eligibleIou,
        double tau,
        ReflectionPolicy policy,
        long seed) {
    public SelectionSettings {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new InputException("selection: \"fraction\" must be above 0 and at most 1, not " + fraction);
        }
        if (bins < 1) {
            throw new InputException("selection: \"bins\" must be at least 1, not " + bins);
        }
        if (!(poolFactor >= 1) || Double.isInfinite(poolFactor)) {
            throw new InputException("selection: \"poolFactor\" must be at least 1, not " + poolFactor);
        }
        if (!(eligibleIou >= 0 && eligibleIou <= 1) || !(tau >= 0 && tau <= 1)) {
            throw new InputException(
                    "selection: \"eligibleIou\" and \"tau\" must be in [0, 1], not " + eligibleIou + " and " + tau);
        }
        if (policy == null) {
            throw new InputException("selection: \"policy\" must be given: discard, repair or review");
        }
    }

    /** 10 %, 5 bins, pool just full, IoU 0.3, tau 0.3, discard. */
    public static SelectionSettings defaults() {
        return new SelectionSettings(0.1, 5, 1, 0.3, 0.3, ReflectionPolicy.DISCARD, 0);
    }

    public SelectionSettings withFraction(double changed) {
        return new SelectionSettings(changed, bins, poolFactor, eligibleIou, tau, policy, seed);
    }

    public SelectionSettings withPoolFactor(double changed) {
        return new SelectionSettings(fraction, bins, changed, eligibleIou, tau, policy, seed);
    }

    public SelectionSettings withPolicy(ReflectionPolicy changed) {
        return new SelectionSettings(fraction, bins, poolFactor, eligibleIou, tau, changed, seed);
    }

    public SelectionSettings withSeed(long changed) {
        return new SelectionSettings(fraction, bins, poolFactor, eligibleIou, tau, policy, changed);
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
