package org.videotg.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.method.agent.Verdict;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;

/**
 * Exchange with Label Studio: samples as tasks whose predictions are the annotation, the reflected spans and what models
 * predict; annotations as decisions. Intervals are regions of {@code TimelineLabels} in frames ({@link FrameTimes}). A
 * task carries the file's frame rate; files of a varying rate can't be stated.
 */
public final class LabelStudio {
    /** How a project shows the tasks. */
    public static final String CONFIG = """
            <View>
              <Header value="$query"/>
              <TimelineLabels name="moments" toName="video">
                <Label value="moment" background="#1f6feb"/>
              </TimelineLabels>
              <Video name="video" value="$video" frameRate="$fps" timelineHeight="120"/>
              <Choices name="decision" toName="video" choice="single" showInline="true">
                <Choice value="keep"/>
                <Choice value="discard"/>
                <Choice value="repair"/>
                <Choice value="unsure"/>
              </Choices>
            </View>
            """;

    private static final String MOMENTS = "moments";
    static final String LABELS = "timelinelabels";
    static final String DECISION = "decision";

    private LabelStudio() {}

    /**
     * Tasks to import into Label Studio.
     *
     * @param skipped ids of samples of which there is no task, by the reason
     */
    public record Tasks(List<ObjectNode> tasks, Map<String, List<String>> skipped) {}

    /**
     * Decisions that people took in Label Studio.
     *
     * @param skipped ids of samples with an annotation that is no decision, by the reason
     * @param withoutRanges regions that name no frames, which Label Studio also writes; they are passed over
     */
    public record Decided(List<ReviewDecision> decisions, Map<String, List<String>> skipped, int withoutRanges) {}

    /**
     * Makes a task of each sample.
     *
     * @param folder to which the paths in the videos' addresses are relative
     * @param address what stands before the path of a video
     */
    public static Tasks tasks(ReviewData data, List<ReviewSample> samples, Path folder, String address) {
        List<ObjectNode> tasks = new ArrayList<>();
        Map<String, List<String>> skipped = new TreeMap<>();
        Path root = folder.toAbsolutePath().normalize();
        for (ReviewSample sample : samples) {
            Path file = sample.video().file().toAbsolutePath().normalize();
            if (!file.startsWith(root)) {
                skip(skipped, "the video lies outside the folder of the data", sample.id());
                continue;
            }
            VideoInfo video = VideoFile.probe(file);
            if (!video.timesFollowIndex()) {
                skip(skipped, "the frames of the video are not evenly spaced from its start", sample.id());
                continue;
            }
            ObjectNode task = Json.MAPPER.createObjectNode();
            task.putObject("data")
                    .put("video", address + path(root.relativize(file)))
                    .put("query", sample.sample().query())
                    .put("fps", video.fps())
                    .put("frames", video.frames())
                    .put("id", sample.id())
                    .put("impact", data.impact(sample))
                    .put("sample", Verdict.fingerprint(sample.sample()));
            Regions regions =
                    new Regions(task.putArray("predictions"), new FrameTimes(video.fps(), video.frames()), sample);
            regions.add("annotation", sample.sample().intervals());
            regions.add("annotation and reflected spans", sample.reflected().isEmpty() ? List.of() : both(sample));
            sample.difficulty().ifPresent(verdict -> {
                for (int i = 0; i < verdict.spans().size(); i++) {
                    regions.add("zero-shot " + (i + 1), verdict.spans().get(i));
                }
            });
            sample.predictions().forEach(regions::add);
            tasks.add(task);
        }
        return new Tasks(tasks, skipped);
    }

    private static List<Interval> both(ReviewSample sample) {
        List<Interval> both = new ArrayList<>(sample.sample().intervals());
        both.addAll(sample.reflected());
        return both;
    }

    private static void skip(Map<String, List<String>> skipped, String reason, String id) {
        skipped.computeIfAbsent(reason, key -> new ArrayList<>()).add(id);
    }

    private static String path(Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(
                URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20")));
        return String.join("/", names);
    }

    /** The predictions of a task. */
    private record Regions(ArrayNode predictions, FrameTimes times, ReviewSample sample) {
        /** @param intervals seconds from the clip's start */
        void add(String name, List<Interval> intervals) {
            if (intervals.isEmpty()) {
                return;
            }
            double start = sample.sample().clip().start();
            ArrayNode result =
                    predictions.addObject().put("model_version", name).putArray("result");
            for (Interval interval : intervals) {
                ObjectNode region = result.addObject()
                        .put("id", "p" + predictions.size() + "-" + result.size())
                        .put("type", LABELS)
                        .put("from_name", MOMENTS)
                        .put("to_name", "video");
                ObjectNode value = region.putObject("value");
                value.putArray("ranges")
                        .addObject()
                        .put("start", times.frame(start + interval.start()))
                        .put("end", times.frame(start + interval.end()));
                value.putArray(LABELS).add("moment");
            }
        }
    }

    /**
     * Reads the annotations of tasks that were made by {@link #tasks}. Without a choice, moments other than the annotated
     * ones are a repair. A boundary that was not moved keeps its seconds.
     *
     * @param export what Label Studio exports as JSON
     * @throws InputException if it is none
     */
    public static Decided decisions(JsonNode export, ReviewData data) {
        if (!export.isArray()) {
            throw new InputException("an export of Label Studio is a list of tasks; choose the format JSON");
        }
        List<ReviewDecision> decisions = new ArrayList<>();
        Map<String, List<String>> skipped = new TreeMap<>();
        int withoutRanges = 0;
        for (JsonNode task : export) {
            String id = task.path("data").path("id").asText("");
            if (!task.path("annotations").isArray()) {
                throw new InputException("task " + task.path("id")
                        + " has no list of annotations; choose the format JSON," + " not JSON-MIN");
            }
            if (data.sample(id).isEmpty()) {
                skip(skipped, "the sample is not in the data", id);
                continue;
            }
            ReviewSample sample = data.sample(id).get();
            if (!task.path("data").path("sample").asText().equals(Verdict.fingerprint(sample.sample()))) {
                skip(skipped, "the task was made of another version of the sample", id);
                continue;
            }
            for (JsonNode node : task.path("annotations")) {
                LabelStudioAnnotation annotation = LabelStudioAnnotation.read(task.path("data"), node, sample);
                withoutRanges += annotation.withoutRanges();
                annotation
                        .refusal(sample)
                        .ifPresentOrElse(
                                reason -> skip(skipped, reason, id), () -> decisions.add(annotation.decision(sample)));
            }
        }
        return new Decided(decisions, skipped, withoutRanges);
    }
}
