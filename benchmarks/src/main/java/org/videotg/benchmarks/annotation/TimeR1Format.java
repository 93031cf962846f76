package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.benchmarks.export.TimeR1Export;

/**
 * The training list of Time-R1: {@code {video, duration, timestamp: [s, e], sentence, qid, video_start, video_end,
 * difficulty, pred}}. If {@code video_start} and {@code video_end} are given, duration and timestamp are those of the
 * clip between them. {@code difficulty} is 100 times the IoU of {@code pred}: the higher, the easier.
 */
final class TimeR1Format extends AnnotationFormat {
    private static final Set<String> USED =
            Set.of("video", "duration", "timestamp", "sentence", "qid", "video_start", "video_end");

    TimeR1Format() {
        super(
                TimeR1Export.NAME,
                "Time-R1 json ({video, duration, timestamp, sentence, qid, video_start, video_end, difficulty, pred})",
                FileRows.Shape.RECORDS,
                "video",
                "timestamp",
                "sentence");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            if (row.has(ExportFormat.PACKED)) {
                return ExportedFormat.unpack(new TimeR1Export(), row, row);
            }
            String video = row.words("video");
            String qid = row.wordsOrNull("qid");
            return Annotation.of(qid == null ? sentences.id(video) : qid, video, row.words("sentence"))
                    .withClip(row.clip("video_start", "video_end"))
                    .withDuration(row.duration("duration"))
                    .withIntervals(List.of(FileRow.interval(row.node().path("timestamp"), 1, "\"timestamp\"")))
                    .withFields(row.rest(USED));
        });
    }
}
