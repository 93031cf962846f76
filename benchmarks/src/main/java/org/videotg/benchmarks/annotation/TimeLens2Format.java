package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * TimeLens2: the published raw annotations, a line for each video, {@code {video_id, annotations: [{text,
 * timestamps}]}}; and the flat rows that its rollout stage writes and its GRPO reads, {@code {source, video_path,
 * duration, query, span, rollouts}}. {@link Rollouts} reads the rollouts, which stay a field of the sample. Source:
 * timelens/data/sources.py and configs/data of github.com/MCG-NJU/TimeLens2.
 */
final class TimeLens2Format extends AnnotationFormat {
    private static final String PROMPT = "prompt";

    /** What stands before and behind the query in the prompts that the stage's configurations and defaults state. */
    private static final List<List<String>> PROMPTS = List.of(
            List.of("Given the query: \"", "\", return ALL time spans"),
            List.of(
                    "Please find the visual event described by the sentence '",
                    "', determining its starting and ending times."),
            List.of("Query: '", "'\nTask: Return the matching time intervals"),
            List.of("When does '", "' happen in the video?"));

    private final boolean flat;

    private TimeLens2Format(boolean flat, String name, String label, String... columns) {
        super(name, label, FileRows.Shape.RECORDS, columns);
        this.flat = flat;
    }

    /** A line for each query. */
    static TimeLens2Format rollouts() {
        return new TimeLens2Format(
                true,
                "timelens2",
                "TimeLens2's rollouts ({source, video_path, duration, query, span, rollouts} a line)",
                "video_path",
                "query",
                "span",
                Rollouts.FIELD);
    }

    /** A line for each video. */
    static TimeLens2Format raw() {
        return new TimeLens2Format(
                false,
                "timelens2-raw",
                "TimeLens2-93K jsonl ({video_id, annotations: [{text, timestamps}]} a line)",
                "video_id",
                "annotations");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        if (flat) {
            sentences.add(row.where(), () -> query(row, sentences));
            return;
        }
        JsonNode list = row.node().path("annotations");
        if (!list.isArray()) {
            sentences.addBad(row.where(), "\"annotations\" must be a list, not " + FileRow.shown(list));
            return;
        }
        list.forEach(node ->
                sentences.add(row.where(), () -> sentence(row, new FileRow(row.where(), null, node, null), sentences)));
    }

    private static Annotation query(FileRow row, RowCollector sentences) {
        String video = row.words("video_path");
        String prompt = row.words("query");
        Optional<String> asked = asked(prompt);
        Map<String, JsonNode> rest = new LinkedHashMap<>(row.rest(Set.of("video_path", "duration", "query", "span")));
        asked.ifPresent(any -> rest.put(PROMPT, TextNode.valueOf(prompt)));
        return Annotation.of(sentences.id(video), video, asked.orElse(prompt))
                .withDuration(row.duration("duration"))
                .withIntervals(row.intervals("span"))
                .withFields(rest);
    }

    private static Annotation sentence(FileRow row, FileRow sentence, RowCollector sentences) {
        String video = row.words("video_id");
        return Annotation.of(sentences.id(video), video, sentence.words("text"))
                .withDuration(row.duration("duration"))
                .withIntervals(sentence.intervals("timestamps"))
                .withFields(row.rest(Set.of("video_id", "duration", "annotations")));
    }

    /** The query within a prompt that TimeLens2 states; empty if the text is the query. */
    private static Optional<String> asked(String prompt) {
        for (List<String> around : PROMPTS) {
            int before = prompt.indexOf(around.get(0));
            int end = prompt.lastIndexOf(around.get(1));
            int start = before + around.get(0).length();
            if (before >= 0
                    && end > start
                    && (before == 0 || prompt.startsWith("You are given a video."))
                    && !prompt.substring(start, end).isBlank()) {
                return Optional.of(prompt.substring(start, end).strip());
            }
        }
        return Optional.empty();
    }
}
