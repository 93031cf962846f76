package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.benchmarks.export.TimeLensExport;

/**
 * TimeLens-100K: a line for each video, {@code {video_path, duration, source, events: [{query, span}]}}; and what
 * TimeLens' filtering writes and its GRPO reads: a line for each query, {@code {source, video_path, duration, query,
 * span, iou, pred, answer}}.
 */
final class TimeLensFormat extends AnnotationFormat {
    private final boolean byVideo;

    private TimeLensFormat(boolean byVideo, String name, String label, String... columns) {
        super(name, label, FileRows.Shape.RECORDS, columns);
        this.byVideo = byVideo;
    }

    /** A line for each video. */
    static TimeLensFormat events() {
        return new TimeLensFormat(
                true,
                TimeLensExport.NAME,
                "TimeLens-100K jsonl ({video_path, duration, source, events: [{query, span}]})",
                "video_path",
                "events");
    }

    /** A line for each query. */
    static TimeLensFormat filtered() {
        return new TimeLensFormat(
                false,
                "timelens-filtered",
                "TimeLens' filtered jsonl ({source, video_path, duration, query, span, iou, pred})",
                "video_path",
                "query",
                "span");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        if (!byVideo) {
            sentences.add(row.where(), () -> event(row, row, sentences));
            return;
        }
        JsonNode events = row.node().path("events");
        if (!events.isArray()) {
            sentences.addBad(row.where(), "\"events\" must be a list, not " + FileRow.shown(events));
            return;
        }
        events.forEach(node ->
                sentences.add(row.where(), () -> event(row, new FileRow(row.where(), null, node, null), sentences)));
    }

    private Annotation event(FileRow row, FileRow event, RowCollector sentences) {
        if (byVideo && event.has(ExportFormat.PACKED)) {
            return ExportedFormat.unpack(new TimeLensExport(), row, event);
        }
        String video = row.words("video_path");
        return Annotation.of(sentences.id(video), video, event.words("query"))
                .withDuration(row.duration("duration"))
                .withIntervals(event.intervals("span"))
                .withFields(row.rest(Set.of("video_path", "duration", "events", "query", "span")));
    }
}
