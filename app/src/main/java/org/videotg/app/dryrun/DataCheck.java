package org.videotg.app.dryrun;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.videotg.app.doctor.Finding;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.Quirks;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.TrainingPlan;
import org.videotg.video.ClipCheck;
import org.videotg.video.VideoFile;

/** Checks the samples of a run and every one of their videos. */
final class DataCheck {
    /** Durations that differ by more than this and by more than the share below are reported. */
    private static final double SECONDS = 1;

    private static final double SHARE = 0.05;

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

    /**
     * Checks that all videos exist, can be opened and contain their clips, and reports other durations than annotated.
     */
    static Finding videos(Path dataFile, List<Sample> samples) {
        VideoCheck check = VideoCheck.of(dataFile, samples);
        Map<VideoRef, Sample> videos = new LinkedHashMap<>();
        samples.stream()
                .filter(sample -> !check.missing().containsKey(sample.video()))
                .forEach(sample -> videos.putIfAbsent(Samples.video(dataFile, sample), sample));
        List<String> unusable = ClipCheck.unusable(List.copyOf(videos.keySet()));
        List<String> other = new ArrayList<>();
        videos.forEach((video, sample) -> {
            try {
                double found = video.clip().length(VideoFile.probe(video.file()).duration());
                if (Math.abs(found - sample.duration()) > Math.max(SECONDS, SHARE * sample.duration())) {
                    other.add(sample.id());
                }
            } catch (InputException e) {
                // One of the unusable.
            }
        });
        String value = check
                + (unusable.isEmpty() ? "" : "; " + unusable.size() + " can't be used")
                + (other.isEmpty()
                        ? ""
                        : "; " + other.size() + " differ from the annotated duration, such as that of sample \""
                                + other.get(0) + "\"");
        if (check.missing().isEmpty() && unusable.isEmpty()) {
            return Finding.good("videos", value);
        }
        return Finding.bad(
                "videos",
                value,
                unusable.isEmpty()
                        ? "give the videos, or leave these samples out with \"videotg convert --videos DIR\""
                        : ClipCheck.listed(unusable));
    }
}
