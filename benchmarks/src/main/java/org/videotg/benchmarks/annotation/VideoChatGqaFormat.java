package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The grounded questions of VideoChat-R1: {@code {id, video, question, options: ["(A) ..."], duration, glue: [[s, e]],
 * type, answer: "(C)"}}. The letters before the options are cut off.
 */
final class VideoChatGqaFormat extends AnnotationFormat {
    private static final Set<String> USED = Set.of("id", "video", "question", "options", "duration", "glue", "answer");

    VideoChatGqaFormat() {
        super(
                "videochat-r1-gqa",
                "VideoChat-R1 GQA json ({id, video, question, options, duration, glue, answer})",
                FileRows.Shape.RECORDS,
                "video",
                "question",
                "options",
                "glue");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            List<String> options = withoutLetters(row.options("options"));
            return Annotation.of(row.words("id"), row.words("video"), row.words("question"))
                    .withDuration(row.duration("duration"))
                    .withIntervals(row.intervals("glue"))
                    .withAnswer(options, row.letter("answer", options.size()))
                    .withFields(row.rest(USED));
        });
    }

    /** Without "(A) " and so on, if every option has its own letter. */
    private static List<String> withoutLetters(List<String> options) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String letter = "(" + (char) ('A' + i) + ")";
            if (!options.get(i).startsWith(letter)) {
                return options;
            }
            texts.add(options.get(i).substring(letter.length()).strip());
        }
        return texts;
    }
}
