package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Task;

/**
 * NExT-GQA: {@code gsub_val.json} has {@code {video: {duration, location: {qid: [[start, end]..]}, fps}}}, its questions and
 * options stand in {@code val.csv}. Ids are {@code VIDEO_QID}, as in the prediction files of NExT-QA and in VideoChat-R1.
 */
record NextGqaFormat() implements AnnotationFormat {
    @Override
    public String name() {
        return "nextgqa";
    }

    @Override
    public String label() {
        return "NExT-GQA gsub json, with its csv of questions";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.KEYED;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("duration", "location");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        Map<String, CompanionTables.Question> questions = sink.side()
                .questions()
                .orElseThrow(() -> new InputException(row.where()
                        + ": NExT-GQA has its questions in a csv beside this file; give it with --questions val.csv"));
        JsonNode locations = row.node().path("location");
        if (!locations.isObject()) {
            sink.add(row.where(), () -> {
                throw new Row.Problem("\"location\" must hold intervals by question, not " + Row.shown(locations));
            });
            return;
        }
        locations
                .properties()
                .forEach(location -> sink.add(
                        row.where(),
                        () -> question(row, row.key() + "_" + location.getKey(), location.getValue(), questions)));
    }

    private static Annotation question(
            Row row, String id, JsonNode pairs, Map<String, CompanionTables.Question> questions) {
        CompanionTables.Question question = questions.get(id);
        if (question == null) {
            throw new Row.Problem("question " + id + " is not in the csv of questions; give the csv of the same split");
        }
        if (question.answer() < 0) {
            throw new Row.Problem("question " + id + ": none of its options is the answer that the csv gives");
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>(row.rest(Set.of("duration", "location")));
        question.fields().forEach((name, value) -> fields.put(name, TextNode.valueOf(value)));
        return new Annotation(
                id,
                row.key(),
                false,
                row.duration("duration"),
                question.text(),
                Row.intervals(pairs, "location of question " + id),
                Task.GQA,
                question.options(),
                String.valueOf((char) ('A' + question.answer())),
                fields);
    }
}
