package org.videotg.app.dryrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.videotg.app.doctor.Finding;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.Quirks;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.TrainingPlan;

/** Findings about the samples of a run and their videos. */
final class DataCheck {
    private static final int SHOWN = 20;

    private DataCheck() {}

    /** Returns the number of samples by task, the quirks of rows, and whether every sample can be trained on. */
    static Finding samples(Recipe recipe, List<Sample> samples) {
        Map<String, Long> tasks = samples.stream()
                .collect(Collectors.groupingBy(sample -> sample.task().id(), TreeMap::new, Collectors.counting()));
        List<String> said = new ArrayList<>(List.of(samples.size() + " samples ("
                + tasks.entrySet().stream()
                        .map(task -> task.getKey() + " " + task.getValue())
                        .collect(Collectors.joining(", "))
                + ")"));
        Quirks quirks = Quirks.of(samples.stream().map(Annotation::of).toList());
        quirks.rows().forEach((quirk, rows) -> said.add(quirk.key() + " " + rows.size()));
        if (recipe.curriculum() != null) {
            long hard = TrainingPlan.hard(samples);
            said.add(hard + " marked hard" + (hard == 0 ? ": the curriculum masks nothing" : ""));
        }
        List<String> problems = TrainingPlan.problems(recipe, samples);
        String value = String.join("; ", said);
        return problems.isEmpty()
                ? Finding.good("data", value)
                : Finding.bad("data", value, problems.size() + " samples can't be trained on; " + problems.get(0));
    }

    /** Returns whether the videos can be used, or what is wrong with those that can't. */
    static Finding videos(Recipe recipe, VideoCheck check, boolean deep) {
        List<String> said = new ArrayList<>(List.of(check.summary()
                + (deep
                        ? ", all frames were decoded"
                        : ", nothing was decoded: without --no-deep damage is found too")));
        check.longerNote().ifPresent(said::add);
        long noted = check.notes().values().stream()
                .filter(notes -> !notes.isEmpty())
                .count();
        if (noted > 0) {
            said.add(noted + " samples have notes on the video");
        }
        boolean skips =
                recipe.onBadVideo() == OnBadVideo.SKIP && check.unusable().size() < check.samples();
        if (skips && !check.problems().isEmpty()) {
            said.add("their samples are skipped");
            said.addAll(check.lines(SHOWN));
        }
        String value = String.join("; ", said);
        return check.problems().isEmpty() || skips
                ? Finding.good("videos", value)
                : Finding.bad("videos", value, String.join("; ", check.lines(SHOWN)));
    }
}
