package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * The training list of Time-R1: one JSON list of {@code {video, duration, timestamp, sentence, qid, video_start,
 * video_end, difficulty, pred}}. Its {@code difficulty} is an IoU in percent, so a curated sample has 100 (1 -
 * difficulty) there; that of a sample which came with one stays.
 */
public final class TimeR1Export extends ExportFormat {
    public static final String NAME = "timer1";

    public TimeR1Export() {
        super(NAME, "Time-R1 json", "video", "duration", "timestamp", "sentence");
    }

    @Override
    public ObjectNode facts(Sample sample) {
        ObjectNode row = Json.MAPPER.createObjectNode();
        Interval first = sample.intervals().get(0);
        row.put("video", sample.video()).put("duration", sample.duration());
        row.putArray("timestamp").add(first.start()).add(first.end());
        row.put("sentence", sample.query()).put("qid", sample.id());
        Clip clip = sample.clip();
        return row.put("video_start", clip.isWhole() ? null : Double.valueOf(clip.start()))
                .put("video_end", clip.isBounded() ? Double.valueOf(clip.end()) : null);
    }

    @Override
    public Optional<String> refusal(Sample sample) {
        return sample.intervals().isEmpty()
                ? Optional.of("it has no interval, and Time-R1 wants one")
                : Optional.empty();
    }

    @Override
    Optional<String> caution(Sample sample) {
        if (sample.intervals().size() > 1) {
            return Optional.of("it has several intervals, of which Time-R1 sees the first");
        }
        return sample.task() == Task.GQA
                ? Optional.of("its options and answer are not seen by Time-R1, which asks for the interval")
                : Optional.empty();
    }

    @Override
    List<Path> write(List<Sample> samples, Path file) {
        if (!file.toString().endsWith(".json")) {
            throw new InputException(file + ": Time-R1 reads one JSON list; name the file .json");
        }
        ArrayNode rows = Json.MAPPER.createArrayNode();
        samples.forEach(sample -> rows.add(row(sample)));
        AtomicFiles.writeString(file, Json.pretty(rows));
        return List.of(file);
    }

    private ObjectNode row(Sample sample) {
        ObjectNode row = facts(sample);
        JsonNode known = extra(sample, "difficulty");
        Optional<Curation> curation = Curation.of(sample);
        if (known.isNumber() || curation.isEmpty()) {
            row.set("difficulty", known);
        } else {
            row.put("difficulty", 100 * (1 - curation.get().difficulty()));
        }
        row.set("pred", extra(sample, "pred"));
        curation.ifPresent(found -> row.set("curation", Json.MAPPER.valueToTree(found)));
        return row.put(PACKED, ExportFormat.pack(sample));
    }

    /** The field, or JSON null. */
    private static JsonNode extra(Sample sample, String name) {
        return sample.extra().getOrDefault(name, Json.MAPPER.nullNode());
    }
}
