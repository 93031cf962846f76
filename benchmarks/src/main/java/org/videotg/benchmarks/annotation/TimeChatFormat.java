package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * TimeChat's Charades-STA: one object {@code {annotations: [{image_id, caption, timestamp: [s, e], id}]}}, without
 * durations.
 */
final class TimeChatFormat extends AnnotationFormat {
    TimeChatFormat() {
        super(
                "timechat",
                "TimeChat json ({annotations: [{image_id, caption, timestamp, id}]})",
                FileRows.Shape.RECORDS,
                "annotations");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        int number = 0;
        for (JsonNode node : row.node().path("annotations")) {
            FileRow sentence = new FileRow(row.where() + ": annotation " + number, null, node, null);
            sentences.add(
                    sentence.where(),
                    () -> Annotation.of(sentence.words("id"), sentence.words("image_id"), sentence.words("caption"))
                            .withIntervals(sentence.intervals("timestamp"))
                            .withFields(sentence.rest(Set.of("id", "image_id", "caption", "timestamp"))));
            number++;
        }
    }
}
