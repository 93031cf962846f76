package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;
import org.videotg.benchmarks.export.PackedSample;
import org.videotg.benchmarks.export.TimeR1Export;
import org.videotg.core.sample.Task;

/**
 * The training list of Time-R1: {@code {video, duration, timestamp: [s, e], sentence, qid, video_start, video_end, difficulty,
 * pred}}. If {@code video_start} and {@code video_end} are given, duration and timestamp are those of the clip between them.
 * {@code difficulty} is 100 times the IoU of {@code pred}: the higher, the easier.
 */
record TimeR1Format() implements AnnotationFormat {
    private static final Set<String> USED =
            Set.of("video", "duration", "timestamp", "sentence", "qid", "video_start", "video_end");

    @Override
    public String name() {
        return TimeR1Export.NAME;
    }

    @Override
    public String label() {
        return "Time-R1 json ({video, duration, timestamp, sentence, qid, video_start, video_end, difficulty, pred})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("video", "timestamp", "sentence");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            if (row.has(PackedSample.FIELD)) {
                return ExportedFormat.unpack(new TimeR1Export(), row);
            }
            String video = row.words("video");
            String qid = row.wordsOrNull("qid");
            return new Annotation(
                    qid == null ? sink.id(video) : qid,
                    video,
                    false,
                    row.clip("video_start", "video_end"),
                    row.duration("duration"),
                    row.words("sentence"),
                    List.of(Row.interval(row.node().path("timestamp"), 1, "\"timestamp\"")),
                    Task.VTG,
                    List.of(),
                    null,
                    row.rest(USED));
        });
    }
}
