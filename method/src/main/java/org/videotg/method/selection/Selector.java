package org.videotg.method.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionPolicy.Outcome;
import org.videotg.method.reflection.ReflectionPolicy.Status;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.reflection.ReviewDecision;

/**
 * Keeps what reflection passes, then chooses n samples, stratified over difficulty bins: one sample from each bin that
 * is not empty, in turn, in the seeded order within a bin. Verdicts may cover only a part of the data; the other
 * samples are ignored.
 */
public final class Selector {
    private final SelectionSettings settings;
    private final Map<String, ReviewDecision.Choice> decisions;

    /**
     * A selector.
     *
     * @param decisions of people by sample id; they override the agent's verdicts
     */
    public Selector(SelectionSettings settings, Map<String, ReviewDecision.Choice> decisions) {
        this.settings = settings;
        this.decisions = Map.copyOf(decisions);
    }

    /** Returns the samples in a random order that depends on the seed and the ids, not on the order in the file. */
    public static List<Sample> shuffled(List<Sample> samples, long seed) {
        return samples.stream()
                .sorted(Comparator.comparingLong((Sample sample) -> rank(sample.id(), seed))
                        .thenComparing(Sample::id))
                .toList();
    }

    private static long rank(String id, long seed) {
        return Draw.bits(seed, "sample-order", Draw.key(id));
    }

    /** What becomes of a sample after reflection. */
    public Outcome outcome(Sample sample, ReflectionVerdict verdict) {
        checkMadeOn(sample, verdict, "reflection");
        return settings.policy().apply(sample, verdict, Optional.ofNullable(decisions.get(sample.id())));
    }

    /** A sample that stays and could be rated, with its difficulty. */
    public Candidate candidate(
            Sample sample, Outcome outcome, ReflectionVerdict reflection, DifficultyVerdict difficulty) {
        checkMadeOn(sample, difficulty, "difficulty");
        return Candidate.of(outcome, reflection, difficulty, settings);
    }

    /**
     * Selects from all samples that have verdicts.
     *
     * @param data the whole data set, whose size decides how many are wanted
     * @throws InputException if no reflection verdict belongs to this data, or one was made on another version of its
     * sample
     */
    public Selection select(
            List<Sample> data,
            Map<String, ReflectionVerdict> reflections,
            Map<String, DifficultyVerdict> difficulties) {
        Tally tally = new Tally(settings.bins());
        for (Sample sample : Selector.shuffled(data, settings.seed())) {
            ReflectionVerdict reflection = reflections.get(sample.id());
            if (reflection != null) {
                Outcome outcome = outcome(sample, reflection);
                tally.reflected(outcome.status(), reflection.undecided());
                if (outcome.sample().isPresent()) {
                    rate(sample, outcome, reflection, difficulties.get(sample.id()), tally);
                }
            }
        }
        if (tally.pool == 0) {
            throw new InputException("none of the " + reflections.size() + " reflections belongs to one of the "
                    + data.size() + " samples; give the file that was made on this data");
        }
        return tally.selection(data, settings.wanted(data.size()));
    }

    private void rate(
            Sample sample, Outcome outcome, ReflectionVerdict reflection, DifficultyVerdict difficulty, Tally tally) {
        if (difficulty == null) {
            tally.unrated++;
        } else if (difficulty.failed()) {
            tally.failed++;
        } else {
            tally.rated(candidate(sample, outcome, reflection, difficulty));
        }
    }

    private static void checkMadeOn(Sample sample, Verdict verdict, String agent) {
        if (verdict.sample() != null && !verdict.sample().equals(Verdict.fingerprint(sample))) {
            throw new InputException("the " + agent + " verdict of sample \"" + sample.id()
                    + "\" was made on another version of it; run the agent again on this data");
        }
    }

    /** Counts, and the eligible candidates by bin. */
    private static final class Tally {
        private final List<List<Candidate>> bins = new ArrayList<>();
        private final Map<Status, Integer> statuses = new EnumMap<>(Status.class);
        private int pool;
        private int undecided;
        private int failed;
        private int unrated;
        private int hard;
        private int ineligible;

        Tally(int count) {
            for (int i = 0; i < count; i++) {
                bins.add(new ArrayList<>());
            }
        }

        void reflected(Status status, boolean withoutVerdict) {
            pool++;
            statuses.merge(status, 1, Integer::sum);
            undecided += withoutVerdict && status != Status.FAILED ? 1 : 0;
            failed += status == Status.FAILED ? 1 : 0;
        }

        void rated(Candidate candidate) {
            hard += candidate.curation().hard() ? 1 : 0;
            if (candidate.eligible()) {
                int bin = (int) (candidate.curation().difficulty() * bins.size());
                bins.get(Math.min(bin, bins.size() - 1)).add(candidate);
            } else {
                ineligible++;
            }
        }

        Selection selection(List<Sample> data, int wanted) {
            int[] taken = new int[bins.size()];
            Map<String, Sample> chosen = new HashMap<>();
            boolean more = true;
            for (int round = 0; more && chosen.size() < wanted; round++) {
                more = false;
                for (int bin = 0; bin < bins.size() && chosen.size() < wanted; bin++) {
                    if (round < bins.get(bin).size()) {
                        Sample sample = bins.get(bin).get(round).sample();
                        chosen.put(sample.id(), sample);
                        taken[bin]++;
                        more = true;
                    }
                }
            }
            List<Sample> samples = data.stream()
                    .map(sample -> chosen.get(sample.id()))
                    .filter(sample -> sample != null)
                    .toList();
            return new Selection(
                    samples,
                    new Selection.Report(
                            data.size(),
                            pool,
                            count(Status.KEPT),
                            count(Status.REPAIRED),
                            count(Status.DISCARDED),
                            count(Status.PENDING),
                            undecided,
                            failed,
                            unrated,
                            hard,
                            ineligible,
                            wanted,
                            samples.size(),
                            report(taken)));
        }

        private int count(Status status) {
            return statuses.getOrDefault(status, 0);
        }

        private List<Selection.Report.Bin> report(int[] taken) {
            List<Selection.Report.Bin> rows = new ArrayList<>();
            for (int bin = 0; bin < bins.size(); bin++) {
                rows.add(new Selection.Report.Bin(
                        (double) bin / bins.size(),
                        (bin + 1.0) / bins.size(),
                        bins.get(bin).size(),
                        taken[bin]));
            }
            return rows;
        }
    }
}
