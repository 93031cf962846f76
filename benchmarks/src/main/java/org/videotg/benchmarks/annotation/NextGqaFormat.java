package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * NExT-GQA: {@code gsub_val.json} has {@code {video: {duration, location: {qid: [[start, end]..]}, fps}}}; its
 * questions and options are in {@code val.csv} ({@link NextQaFormat}). Ids are {@code VIDEO_QID}, as in the prediction
 * files of NExT-QA and in VideoChat-R1.
 */
final class NextGqaFormat extends AnnotationFormat {
    NextGqaFormat() {
        super("nextgqa", "NExT-GQA gsub json, with its csv of questions", FileRows.Shape.KEYED, "location");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        JsonNode locations = row.node().path("location");
        if (!locations.isObject()) {
            sentences.addBad(
                    row.where(), "\"location\" must hold intervals by question, not " + FileRow.shown(locations));
            return;
        }
        locations
                .properties()
                .forEach(location -> sentences.add(row.where(), () -> {
                    String id = row.key() + "_" + location.getKey();
                    return Annotation.of(id, row.key(), "")
                            .withDuration(row.duration("duration"))
                            .withIntervals(FileRow.intervals(location.getValue(), "location of question " + id))
                            .withFields(row.rest(Set.of("duration", "location")));
                }));
    }
}
