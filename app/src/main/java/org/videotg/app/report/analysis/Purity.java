package org.videotg.app.report.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.videotg.app.report.run.RunParts;
import org.videotg.core.sample.Sample;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * How many samples of a set are truly partial, with the annotations they have in that set.
 *
 * @param samples whose planted truth is known
 */
public record Purity(String set, int samples, int partial) {
    /** Of all sets that the run has: everything, the pool, what reflection let pass, what was selected, what was drawn. */
    public static List<Purity> of(RunParts run) {
        ReflectionSettings settings = run.reflections().values().stream()
                .findFirst()
                .map(LabelledReflection::settings)
                .orElse(ReflectionSettings.defaults());
        List<Sample> all = run.train().stream().map(located -> located.sample()).toList();
        Map<String, ReflectionVerdict> verdicts = run.reflections();
        List<Sample> pool =
                all.stream().filter(sample -> verdicts.containsKey(sample.id())).toList();
        List<Sample> kept = pool.stream()
                .filter(sample -> !verdicts.get(sample.id()).partial()
                        && !verdicts.get(sample.id()).failed())
                .toList();
        List<Purity> sets = new ArrayList<>();
        sets.add(count("all training samples", all, run, settings));
        sets.add(count("looked at by the agent", pool, run, settings));
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
                .filter(sample -> LabelledReflection.partial(sample, run.truth().get(sample.id()), settings))
                .count();
        return new Purity(name, known.size(), (int) partial);
    }
}
