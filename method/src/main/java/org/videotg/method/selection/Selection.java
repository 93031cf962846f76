package org.videotg.method.selection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.Verdict;

/**
 * The selected samples in the order of the data, and how they were found.
 *
 * @param samples each with its {@link Curation}
 * @param pending samples that wait for a person's decision, as they stand in the data
 */
public record Selection(List<Sample> samples, List<Sample> pending, Report report) {
    public Selection {
        samples = List.copyOf(samples);
        pending = List.copyOf(pending);
    }

    /**
     * Counts of samples by outcome.
     *
     * @param settings of the selection, its strategy among them; null in reports of earlier versions
     * @param original samples in the data set
     * @param pool samples that were looked at: by the first agent that the settings need, or without one by nobody
     * @param kept let pass unchanged, undecided ones included
     * @param repaired let pass with a repaired annotation
     * @param discarded as partially annotated, by reflection or by the planted truth, or by a person
     * @param pending wait for a person's decision
     * @param undecided reflections without a verdict
     * @param failed samples that could not be judged by either agent
     * @param unrated passed reflection, but without a difficulty verdict
     * @param hard passed reflection, if there is any, and are hard
     * @param ineligible rated, and no candidate: hard with an annotation that may be wrong, or not admitted by the
     *     strategy
     * @param wanted samples to select
     * @param selected samples selected; fewer than wanted if the pool is too small
     * @param bins of difficulty, easiest first; empty if difficulty was not estimated
     * @param lengths bins of annotated length, shortest first
     * @param reflection what reflection of the samples in the pool has cost
     * @param difficulty what their difficulty estimation has cost
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Report(
            JsonNode settings,
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
            List<Bin> bins,
            List<LengthBin> lengths,
            AgentUse reflection,
            AgentUse difficulty) {
        public Report {
            bins = List.copyOf(bins);
            lengths = lengths == null ? List.of() : List.copyOf(lengths);
            reflection = reflection == null ? AgentUse.NONE : reflection;
            difficulty = difficulty == null ? AgentUse.NONE : difficulty;
        }

        /** Eligible and selected samples with difficulty in [from, to); the last bin includes its end. */
        public record Bin(double from, double to, int eligible, int selected) {}

        /**
         * Samples with an annotated length in [from, to) seconds; the last bin includes its end.
         *
         * @param original of the data set
         */
        public record LengthBin(double from, double to, int original, int eligible, int selected) {}

        /** The samples of this selection that an agent has judged, in this run or in an earlier one, and its cost. */
        public record AgentUse(
                int samples, @JsonProperty("usage") Cost cost) {
            static final AgentUse NONE = new AgentUse(0, Cost.NONE);

            AgentUse plus(Verdict verdict) {
                return new AgentUse(samples + 1, cost.plus(verdict.cost()));
            }
        }

        /** Returns what both agents have cost, over exactly the samples that this selection has looked at. */
        public Cost agentCost() {
            return reflection.cost().plus(difficulty.cost());
        }

        /** Whether as many samples were found as were wanted. */
        public boolean full() {
            return selected >= wanted;
        }
    }
}
