package org.videotg.method.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReflectionPolicy.Outcome;
import org.videotg.method.reflection.ReflectionPolicy.Status;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.selection.Selection.Report.AgentUse;

/**
 * Selects samples: goes through the data in a seeded order, keeps what reflection passes and what may be selected, and
 * lets the strategy choose among these candidates. Verdicts may cover only a part of the data; the other samples are
 * ignored.
 */
public final class Selector {
    private final SelectionSettings settings;
    private final Decisions decisions;
    private final Optional<PlantedTruth> truth;

    /** A selector without decisions of people and without planted truth. */
    public Selector(SelectionSettings settings) {
        this(settings, Decisions.NONE, Optional.empty());
    }

    /**
     * A selector.
     *
     * @param decisions of people; they override the verdicts of reflection
     * @param truth for the strategy oracle, and for no other
     * @throws InputException if something is missing or can't be used
     */
    public Selector(SelectionSettings settings, Decisions decisions, Optional<PlantedTruth> truth) {
        boolean oracle = settings.strategy() instanceof SelectionStrategy.Oracle;
        if (oracle && truth.isEmpty()) {
            throw new InputException(
                    "the strategy oracle selects by the planted truth of a world; give it with --truth");
        }
        if (!oracle && truth.isPresent()) {
            throw new InputException("the strategy " + settings.strategy().id()
                    + " must not know the planted truth; leave --truth out, or take the strategy oracle");
        }
        if (!decisions.isEmpty() && !settings.reflects()) {
            throw new InputException("decisions override verdicts of reflection, which the strategy "
                    + settings.strategy().id()
                    + " does not ask for; leave --decisions out, or set \"reflect\" to true");
        }
        this.settings = settings;
        this.decisions = decisions;
        this.truth = truth;
    }

    /** Where verdicts come from: files, or agents that are asked. */
    public interface Verdicts {
        /** The verdict of reflection on a sample, if there is one. */
        Optional<ReflectionVerdict> reflection(Sample sample);

        /** The verdict of difficulty estimation on a sample, if there is one. */
        Optional<DifficultyVerdict> difficulty(Sample sample);
    }

    public SelectionSettings settings() {
        return settings;
    }

    /** Returns the samples in a random order that depends on the seed and the ids, not on the order in the file. */
    public static List<Sample> shuffled(List<Sample> samples, long seed) {
        record Ranked(Sample sample, long rank) {}
        return samples.stream()
                .map(sample -> new Ranked(sample, rank(sample.id(), seed)))
                .sorted(Comparator.comparingLong(Ranked::rank)
                        .thenComparing(ranked -> ranked.sample().id()))
                .map(Ranked::sample)
                .toList();
    }

    /** Returns the number by which {@link #shuffled} orders samples, those of equal number by their ids. */
    public static long rank(String id, long seed) {
        return Draw.bits(seed, "sample-order", Draw.key(id));
    }

    /**
     * Selects from finished verdicts: from all that there are, or if the settings state a pool factor from the samples
     * that curation would have looked at.
     *
     * @param data the whole data set, whose size decides how many are wanted
     * @param reflections by sample id; may be empty if the settings need none
     * @param difficulties likewise
     * @throws InputException if no verdict belongs to this data, or one was made on another version of its sample
     */
    public Selection select(
            List<Sample> data,
            Map<String, ReflectionVerdict> reflections,
            Map<String, DifficultyVerdict> difficulties) {
        Verdicts verdicts = new Verdicts() {
            @Override
            public Optional<ReflectionVerdict> reflection(Sample sample) {
                return Optional.ofNullable(reflections.get(sample.id()));
            }

            @Override
            public Optional<DifficultyVerdict> difficulty(Sample sample) {
                return Optional.ofNullable(difficulties.get(sample.id()));
            }
        };
        Selection selection =
                select(data, verdicts, settings.poolFactor() == null ? data.size() : settings.poolWanted(data.size()));
        if (selection.report().pool() == 0) {
            throw new InputException("none of the "
                    + (settings.reflects()
                            ? reflections.size() + " reflections"
                            : difficulties.size() + " difficulty verdicts")
                    + " belongs to one of the " + data.size() + " samples; give the file that was made on this data");
        }
        return selection;
    }

    /** Returns the samples in the order in which they are looked at. */
    List<Sample> order(List<Sample> data) {
        return shuffled(data, settings.seed());
    }

    /** Returns whether a sample may be selected; requests every verdict that this depends on, and no other. */
    public boolean isCandidate(Sample sample, Verdicts verdicts) {
        return candidate(sample, verdicts, new Tally()).isPresent();
    }

    /**
     * Selects from the first samples that hold so many candidates; their verdicts are requested in the order of the
     * samples.
     */
    public Selection select(List<Sample> data, Verdicts verdicts, int candidates) {
        Tally tally = new Tally();
        for (Sample sample : order(data)) {
            if (tally.candidates.size() >= candidates) {
                break;
            }
            candidate(sample, verdicts, tally).ifPresent(tally.candidates::add);
        }
        return tally.selection(data);
    }

    /** Returns the sample if it may be selected, and counts what became of it. */
    private Optional<Candidate> candidate(Sample sample, Verdicts verdicts, Tally tally) {
        if (truth.isPresent() && !truth.get().isComplete(sample)) {
            tally.lookedAt(Status.DISCARDED);
            return Optional.empty();
        }
        Optional<ReflectionVerdict> reflection = settings.reflects() ? verdicts.reflection(sample) : Optional.empty();
        boolean judged = settings.reflects()
                ? reflection.isPresent()
                : !settings.rates() || verdicts.difficulty(sample).isPresent();
        if (!judged) {
            return Optional.empty();
        }
        reflection.ifPresent(verdict -> checkMadeOn(sample, verdict, "reflection"));
        Outcome outcome = reflection
                .map(verdict -> settings.policy().apply(sample, verdict, decision(sample)))
                .orElse(new Outcome(Status.KEPT, Optional.of(sample), false));
        tally.lookedAt(outcome.status());
        if (outcome.status() == Status.PENDING) {
            tally.pending.add(sample.id());
        }
        reflection.ifPresent(tally::reflected);
        if (outcome.sample().isEmpty()) {
            return Optional.empty();
        }
        if (!settings.rates()) {
            return Optional.of(Candidate.unrated(sample, outcome.sample().get(), reflection));
        }
        return tally.rated(sample, verdicts.difficulty(sample))
                .map(verdict -> reflection.isPresent()
                        ? Candidate.of(sample, outcome, reflection.get(), verdict, settings)
                        : Candidate.rated(sample, verdict))
                .filter(tally::eligible);
    }

    private Optional<ReviewDecision> decision(Sample sample) {
        Optional<ReviewDecision> agreed = decisions.agreed(sample.id());
        agreed.filter(decision -> !isOf(sample, decision.sample())).ifPresent(decision -> {
            throw new InputException("the decision about sample \"" + sample.id()
                    + "\" was taken on another version of it; decide again with ./videotg review");
        });
        return agreed;
    }

    private static void checkMadeOn(Sample sample, Verdict verdict, String agent) {
        if (!isOf(sample, verdict.sample())) {
            throw new InputException("the " + agent + " verdict of sample \"" + sample.id()
                    + "\" was made on another version of it; run the agent again on this data");
        }
    }

    private static boolean isOf(Sample sample, String fingerprint) {
        return fingerprint == null || fingerprint.equals(Verdict.fingerprint(sample));
    }

    /** What became of the samples. */
    private final class Tally {
        private final Map<Status, Integer> statuses = new EnumMap<>(Status.class);
        private final List<Candidate> candidates = new ArrayList<>();
        private final Set<String> pending = new HashSet<>();
        private AgentUse reflection = AgentUse.NONE;
        private AgentUse difficulty = AgentUse.NONE;
        private int undecided;
        private int failed;
        private int unrated;
        private int hard;
        private int ineligible;

        void lookedAt(Status status) {
            statuses.merge(status, 1, Integer::sum);
        }

        void reflected(ReflectionVerdict verdict) {
            reflection = reflection.plus(verdict);
            undecided += verdict.undecided() && !verdict.failed() ? 1 : 0;
            failed += verdict.failed() ? 1 : 0;
        }

        /** Returns the verdict if there is one that did not fail. */
        Optional<DifficultyVerdict> rated(Sample sample, Optional<DifficultyVerdict> verdict) {
            if (verdict.isEmpty()) {
                unrated++;
                return verdict;
            }
            checkMadeOn(sample, verdict.get(), "difficulty");
            difficulty = difficulty.plus(verdict.get());
            failed += verdict.get().failed() ? 1 : 0;
            return verdict.filter(rated -> !rated.failed());
        }

        boolean eligible(Candidate candidate) {
            boolean admitted = candidate.eligible() && settings.strategy().admits(candidate);
            hard += candidate.rating().orElseThrow().hard() ? 1 : 0;
            ineligible += admitted ? 0 : 1;
            return admitted;
        }

        Selection selection(List<Sample> data) {
            int wanted = settings.wanted(data.size());
            Strata strata = new Strata(settings, data);
            List<Candidate> chosen = settings.strategy()
                    .choose(candidates, strata, new SelectionStrategy.Wanted(wanted, settings.seed()));
            Map<String, Candidate> byId = chosen.stream()
                    .collect(Collectors.toMap(candidate -> candidate.original().id(), Function.identity()));
            return new Selection(
                    data.stream()
                            .filter(sample -> byId.containsKey(sample.id()))
                            .map(sample -> byId.get(sample.id()).sample())
                            .toList(),
                    data.stream()
                            .filter(sample -> pending.contains(sample.id()))
                            .toList(),
                    new Selection.Report(
                            Settings.tree(settings),
                            data.size(),
                            statuses.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum(),
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
                            chosen.size(),
                            settings.rates() ? strata.byDifficulty(candidates, chosen) : List.of(),
                            strata.byLength(candidates, chosen),
                            reflection,
                            difficulty));
        }

        private int count(Status status) {
            return statuses.getOrDefault(status, 0);
        }
    }
}
