package org.videotg.method.selection;

import java.util.List;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;

/** The selected samples in the order of the data, each with its {@link Curation}, and how they were found. */
public record Selection(List<Sample> samples, Report report) {
    public Selection {
        samples = List.copyOf(samples);
    }

    /**
     * Counts of samples by outcome.
     *
     * @param original samples in the data set
     * @param pool samples that reflection has looked at
     * @param kept let pass unchanged, undecided ones included
     * @param repaired let pass with a repaired annotation
     * @param discarded as partially annotated, or by a person
     * @param pending wait for a person's decision
     * @param undecided reflections without a verdict
     * @param failed samples that could not be judged by either agent
     * @param unrated passed reflection, but without a difficulty verdict
     * @param hard passed reflection and are hard
     * @param ineligible hard, with an annotation that may be wrong
     * @param wanted samples to select
     * @param selected samples selected; fewer than wanted if the pool is too small
     * @param bins of difficulty, easiest first
     */
    public record Report(
            int original,
            int pool,
            int kept,
            int repaired,
            int discarded,
            int pending,
            int undecided,
            int failed,
            int unrated,
            int hard,
            int ineligible,
            int wanted,
            int selected,
            List<Bin> bins) {
        public Report {
            bins = List.copyOf(bins);
        }

        /** Eligible and selected samples with difficulty in [from, to); the last bin includes its end. */
        public record Bin(double from, double to, int eligible, int selected) {}

        /** Whether as many samples were found as were wanted. */
        public boolean full() {
            return selected >= wanted;
        }
    }
}
