package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;
import org.videotg.core.sample.Task;

/**
 * ReXTime: {@code {qid, vid, duration, question, options, ans, span}}, a list of questions; its short jsonl has
 * {@code query} and {@code relevant_windows} and no options, so it asks for the interval alone. In the test set {@code ans} is
 * blank and every span is [0, 0].
 */
record RexTimeFormat() implements AnnotationFormat {
    @Override
    public String name() {
        return "rextime";
    }

    @Override
    public String label() {
        return "ReXTime json or jsonl ({qid, vid, duration, question, options, ans, span})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("qid", "vid", "duration", "ans");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            String query = row.has("question") ? "question" : "query";
            String windows = row.has("span") ? "span" : "relevant_windows";
            List<String> options = row.has("options") ? row.options("options") : List.of();
            String answer = row.letter("ans", options.isEmpty() ? 26 : options.size());
            return new Annotation(
                    row.words("qid"),
                    row.words("vid"),
                    false,
                    row.duration("duration"),
                    row.words(query),
                    row.intervals(windows),
                    options.isEmpty() ? Task.VTG : Task.GQA,
                    options,
                    answer,
                    row.rest(Set.of("qid", "vid", "duration", query, windows, "options", "ans")));
        });
    }
}
