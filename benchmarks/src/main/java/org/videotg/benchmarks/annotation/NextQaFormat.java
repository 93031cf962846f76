package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.core.sample.Sample;

/**
 * NExT-QA: a csv {@code video, qid, question, answer, type, a0, a1, ...} whose answer is the index of an option.
 * NExT-GQA's csv has {@code video_id} and the text of the right option. No intervals; ids are {@code VIDEO_QID}.
 */
final class NextQaFormat extends AnnotationFormat {
    private static final int OPTIONS = 26;

    NextQaFormat() {
        super(
                "nextqa",
                "NExT-QA csv (video, qid, question, answer, type, a0, a1, ...)",
                FileRows.Shape.TABLE,
                "qid",
                "answer");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            boolean grounded = row.has("video_id");
            String video = row.words(grounded ? "video_id" : "video");
            List<String> options = new ArrayList<>();
            while (options.size() < OPTIONS && row.has("a" + options.size())) {
                options.add(row.node().get("a" + options.size()).asText().strip());
            }
            String answer = answer(row.words("answer"), options, grounded);
            Map<String, JsonNode> fields =
                    new LinkedHashMap<>(row.rest(Set.of("video_id", "video", "question", "answer", "qid")));
            fields.keySet().removeIf(name -> name.matches("a[0-9]+"));
            fields.put(Sample.ANNOTATED, BooleanNode.FALSE);
            return Annotation.of(video + "_" + row.words("qid"), video, row.words("question"))
                    .withAnswer(options, answer)
                    .withFields(fields);
        });
    }

    private static String answer(String given, List<String> options, boolean text) {
        int index = given.matches("[0-9]{1,2}") ? Integer.parseInt(given) : -1;
        int place = options.indexOf(given);
        int right = (text && place >= 0) || index < 0 || index >= options.size() ? place : index;
        if (right < 0) {
            throw new FileRow.Problem(
                    "\"answer\" must be the index or the text of one of its options, not \"" + given + "\"");
        }
        return String.valueOf((char) ('A' + right));
    }
}
