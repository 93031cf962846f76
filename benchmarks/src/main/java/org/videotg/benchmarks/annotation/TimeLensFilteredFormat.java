package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;
import org.videotg.core.sample.Task;

/**
 * What TimeLens' filtering writes and its GRPO reads: a line
 * {@code {source, video_path, duration, query, span, iou, pred, answer}}.
 */
record TimeLensFilteredFormat() implements AnnotationFormat {
    @Override
    public String name() {
        return "timelens-filtered";
    }

    @Override
    public String label() {
        return "TimeLens' filtered jsonl ({source, video_path, duration, query, span, iou, pred})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("video_path", "query", "span");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            String video = row.words("video_path");
            return new Annotation(
                    sink.id(video),
                    video,
                    false,
                    row.duration("duration"),
                    row.words("query"),
                    row.intervals("span"),
                    Task.VTG,
                    List.of(),
                    null,
                    row.rest(Set.of("video_path", "duration", "query", "span")));
        });
    }
}
