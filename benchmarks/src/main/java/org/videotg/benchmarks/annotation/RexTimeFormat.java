package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;

/**
 * ReXTime: {@code {qid, vid, duration, question, options, ans, span}}, a list of questions; its short jsonl has {@code
 * query} and {@code relevant_windows} and no options, so it asks for the interval alone. In the test set {@code ans} is
 * blank and every span is [0, 0].
 */
final class RexTimeFormat extends AnnotationFormat {
    private static final int LETTERS = 26;

    RexTimeFormat() {
        super(
                "rextime",
                "ReXTime json or jsonl ({qid, vid, duration, question, options, ans, span})",
                FileRows.Shape.RECORDS,
                "qid",
                "vid");
    }

    @Override
    boolean recognises(FileRow row) {
        return super.recognises(row) && (row.has("span") || row.has("ans", "relevant_windows"));
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            String query = row.has("question") ? "question" : "query";
            String windows = row.has("span") ? "span" : "relevant_windows";
            List<String> options = row.has("options") ? row.options("options") : List.of();
            return Annotation.of(row.words("qid"), row.words("vid"), row.words(query))
                    .withDuration(row.duration("duration"))
                    .withIntervals(row.intervals(windows))
                    .withAnswer(options, row.letter("ans", options.isEmpty() ? LETTERS : options.size()))
                    .withFields(row.rest(Set.of("qid", "vid", "duration", query, windows, "options", "ans")));
        });
    }
}
