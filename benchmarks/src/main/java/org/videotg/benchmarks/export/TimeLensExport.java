package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * The events of TimeLens-100K: a line for each video,
 * {@code {video_path, duration, source, events: [{query, span: [[s, e]..]}]}}.
 * Only neighbouring samples of a video share a line, so that the order of the samples stays.
 */
public final class TimeLensExport extends ExportFormat {
    public static final String NAME = "timelens";

    public TimeLensExport() {
        super(NAME, "TimeLens-100K jsonl", "video_path", "duration", "source", "events");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        ObjectNode facts = video(sample);
        facts.put("query", sample.query());
        facts.set("span", Json.MAPPER.valueToTree(sample.intervals()));
        return facts;
    }

    @Override
    public Optional<String> refusal(Sample sample) {
        return sample.intervals().isEmpty()
                ? Optional.of("it has no interval, and TimeLens wants one")
                : Optional.empty();
    }

    @Override
    Optional<String> caution(Sample sample) {
        if (!sample.clip().isWhole()) {
            return Optional.of("it is a clip, whose start and end TimeLens does not read: cut the videos first");
        }
        return sample.task() == Task.GQA
                ? Optional.of("its options and answer are not seen by TimeLens, which asks for the interval")
                : Optional.empty();
    }

    @Override
    List<Path> write(List<Sample> samples, Path file) {
        if (!file.toString().endsWith(".jsonl")) {
            throw new InputException(file + ": TimeLens reads one JSON object a line; name the file .jsonl");
        }
        List<ObjectNode> lines = new ArrayList<>();
        ObjectNode open = null;
        for (Sample sample : samples) {
            ObjectNode video = video(sample);
            if (lines.isEmpty() || !video.equals(open)) {
                lines.add(video.deepCopy());
                lines.get(lines.size() - 1).putArray("events");
                open = video;
            }
            ((ArrayNode) lines.get(lines.size() - 1).get("events")).add(event(sample));
        }
        Jsonl.write(file, lines);
        return List.of(file);
    }

    private static ObjectNode video(Sample sample) {
        JsonNode source = sample.extra().get("source");
        return Json.MAPPER
                .createObjectNode()
                .put("video_path", sample.video())
                .put("duration", sample.duration())
                .put("source", source == null || !source.isTextual() ? "videotg" : source.asText());
    }

    private ObjectNode event(Sample sample) {
        ObjectNode event = Json.MAPPER.createObjectNode().put("query", sample.query());
        event.set("span", Json.MAPPER.valueToTree(sample.intervals()));
        Curation.of(sample).ifPresent(curation -> event.set("curation", Json.MAPPER.valueToTree(curation)));
        return event.put(PACKED, ExportFormat.pack(sample));
    }
}
