package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.videotg.core.sample.Task;

/**
 * The grounded questions of VideoChat-R1: {@code {id, video, question, options: ["(A) ..."], duration, glue: [[s, e]], type,
 * answer: "(C)"}}. The letters before the options are taken off, since our options have none.
 */
record VideoChatGqaFormat() implements AnnotationFormat {
    @Override
    public String name() {
        return "videochat-r1-gqa";
    }

    @Override
    public String label() {
        return "VideoChat-R1 GQA json ({id, video, question, options, duration, glue, answer})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("video", "question", "options", "glue");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            List<String> options = bare(row.options("options"));
            return new Annotation(
                    row.words("id"),
                    row.words("video"),
                    false,
                    row.duration("duration"),
                    row.words("question"),
                    row.intervals("glue"),
                    Task.GQA,
                    options,
                    row.letter("answer", options.size()),
                    row.rest(Set.of("id", "video", "question", "options", "duration", "glue", "answer")));
        });
    }

    /** Without "(A) " and so on, if every option has its own letter. */
    private static List<String> bare(List<String> options) {
        List<String> bare = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String letter = "(" + (char) ('A' + i) + ")";
            if (!options.get(i).startsWith(letter)) {
                return options;
            }
            bare.add(options.get(i).substring(letter.length()).strip());
        }
        return bare;
    }
}
