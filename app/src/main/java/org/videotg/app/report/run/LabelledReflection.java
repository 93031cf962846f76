package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.videotg.app.report.run.RunParts.Located;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.method.reflection.ReflectionRules;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * A verdict of the reflection agent with the planted truth.
 *
 * @param settings of the verdict
 * @param truly whether the sample is partially annotated according to the planted truth
 */
public record LabelledReflection(Sample sample, ReflectionVerdict verdict, ReflectionSettings settings, boolean truly) {
    /** Returns the verdicts on samples whose truth is known, without failed ones, in the order of the data. */
    public static List<LabelledReflection> of(RunParts run) {
        List<LabelledReflection> labelled = new ArrayList<>();
        for (Located located : run.train()) {
            Sample sample = located.sample();
            ReflectionVerdict verdict = run.reflections().get(sample.id());
            List<Interval> truth = run.truth().get(sample.id());
            if (verdict != null && truth != null && !verdict.failed()) {
                ReflectionSettings settings = settings(verdict);
                labelled.add(new LabelledReflection(sample, verdict, settings, partial(sample, truth, settings)));
            }
        }
        return labelled;
    }

    /** Returns whether the planted truth minus the annotation, dilated by the tolerance, is not empty. */
    public static boolean partial(Sample sample, List<Interval> truth, ReflectionSettings settings) {
        return !Intervals.subtract(truth, ReflectionRules.dilated(sample.intervals(), settings))
                .isEmpty();
    }

    /** Returns the settings recorded with a verdict; the defaults if they are missing or unreadable. */
    public static ReflectionSettings settings(ReflectionVerdict verdict) {
        JsonNode recorded = verdict.settings();
        if (recorded == null || !recorded.isObject()) {
            return ReflectionSettings.defaults();
        }
        try {
            return Json.convert(recorded, ReflectionSettings.class, "settings");
        } catch (InputException e) {
            return ReflectionSettings.defaults();
        }
    }

    /**
     * Counts of verdicts by truth. Positive means partially annotated; an undecided verdict is negative, since the
     * sample is kept.
     */
    public record Confusion(int truePositives, int falsePositives, int falseNegatives, int trueNegatives) {
        public static Confusion of(List<LabelledReflection> labelled) {
            return of(labelled, LabelledReflection::truly, one -> one.verdict().partial());
        }

        /** Counts items by two predicates. */
        public static <T> Confusion of(List<T> items, Predicate<T> truly, Predicate<T> flagged) {
            int[] counts = new int[4];
            items.forEach(item -> counts[(truly.test(item) ? 0 : 1) + (flagged.test(item) ? 0 : 2)]++);
            return new Confusion(counts[0], counts[1], counts[2], counts[3]);
        }

        public int total() {
            return truePositives + falsePositives + falseNegatives + trueNegatives;
        }

        /** Share of the flagged samples that are truly partial; 0 if none is flagged. */
        public double precision() {
            return share(truePositives, truePositives + falsePositives);
        }

        /** Share of the truly partial samples that are flagged; 0 if there is none. */
        public double recall() {
            return share(truePositives, truePositives + falseNegatives);
        }

        /** Harmonic mean of precision and recall. */
        public double f1() {
            return share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
        }

        /** Share of truly partial samples: the precision of flagging everything. */
        public double baseRate() {
            return share(truePositives + falseNegatives, total());
        }

        private static double share(int part, int whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }

    /**
     * The number of truly partial samples in a set, judged by the annotations they have in that set.
     *
     * @param samples whose planted truth is known
     */
    public record Purity(String set, int samples, int partial) {
        /** Counts all sets of the run: all training samples, the pool, kept, selected and randomly drawn ones. */
        public static List<Purity> of(RunParts run) {
            ReflectionSettings settings = run.reflections().values().stream()
                    .findFirst()
                    .map(LabelledReflection::settings)
                    .orElse(ReflectionSettings.defaults());
            List<Sample> all =
                    run.train().stream().map(located -> located.sample()).toList();
            Map<String, ReflectionVerdict> verdicts = run.reflections();
            List<Sample> pool = all.stream()
                    .filter(sample -> verdicts.containsKey(sample.id()))
                    .toList();
            List<Sample> kept = pool.stream()
                    .filter(sample -> !verdicts.get(sample.id()).partial()
                            && !verdicts.get(sample.id()).failed())
                    .toList();
            List<Purity> sets = new ArrayList<>();
            sets.add(count("all training samples", all, run, settings));
            sets.add(count("judged by the agent", pool, run, settings));
            sets.add(count("not found partial by the agent", kept, run, settings));
            sets.add(count("selected for the method", run.selected(), run, settings));
            sets.add(count("drawn at random", run.random(), run, settings));
            sets.removeIf(set -> set.samples() == 0);
            return sets;
        }

        private static Purity count(String name, List<Sample> samples, RunParts run, ReflectionSettings settings) {
            List<Sample> known = samples.stream()
                    .filter(sample -> run.truth().containsKey(sample.id()))
                    .toList();
            long partial = known.stream()
                    .filter(sample ->
                            LabelledReflection.partial(sample, run.truth().get(sample.id()), settings))
                    .count();
            return new Purity(name, known.size(), (int) partial);
        }
    }
}
