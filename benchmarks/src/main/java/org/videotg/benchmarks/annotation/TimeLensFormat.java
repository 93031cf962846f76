package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.benchmarks.export.PackedSample;
import org.videotg.benchmarks.export.TimeLensExport;
import org.videotg.core.sample.Task;

/** TimeLens-100K: a line for each video, {@code {video_path, duration, source, events: [{query, span}]}}. */
record TimeLensFormat() implements AnnotationFormat {
    @Override
    public String name() {
        return TimeLensExport.NAME;
    }

    @Override
    public String label() {
        return "TimeLens-100K jsonl ({video_path, duration, source, events: [{query, span}]})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("video_path", "events");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        JsonNode events = row.node().path("events");
        if (!events.isArray()) {
            sink.add(row.where(), () -> {
                throw new Row.Problem("\"events\" must be a list, not " + Row.shown(events));
            });
            return;
        }
        events.forEach(node -> sink.add(row.where(), () -> {
            Row event = new Row(row.where(), null, node, null);
            if (event.has(PackedSample.FIELD)) {
                return ExportedFormat.unpack(new TimeLensExport(), row, event);
            }
            String video = row.words("video_path");
            Map<String, JsonNode> fields = row.rest(Set.of("video_path", "duration", "events"));
            return new Annotation(
                    sink.id(video),
                    video,
                    false,
                    row.duration("duration"),
                    event.words("query"),
                    event.intervals("span"),
                    Task.VTG,
                    List.of(),
                    null,
                    fields);
        }));
    }
}
