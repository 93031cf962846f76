package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Takes what the rows of one file give, keeps what is whole, and notes what is not. */
final class RowCollector {
    private final CompanionTables side;
    private final List<Annotation> annotations = new ArrayList<>();
    private final List<BadRow> bad = new ArrayList<>();
    private final Map<String, Integer> sentences = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();

    RowCollector(CompanionTables side, List<BadRow> bad) {
        this.side = side;
        this.bad.addAll(bad);
    }

    /** The tables beside the file. */
    CompanionTables side() {
        return side;
    }

    /** Takes one sentence; if it can't be made, its place is noted and the others go on. */
    void add(String where, Supplier<Annotation> sentence) {
        try {
            Annotation annotation = sentence.get();
            String earlier = ids.putIfAbsent(annotation.id(), where);
            if (earlier != null) {
                throw new Row.Problem("id \"" + annotation.id() + "\" stands already at " + earlier);
            }
            annotations.add(annotation);
        } catch (Row.Problem problem) {
            bad.add(new BadRow(where, problem.getMessage()));
        }
    }

    /** An id for a row that has none: the video's name and the number of its sentences so far. */
    String id(String video) {
        return video + "#" + (sentences.merge(video, 1, Integer::sum) - 1);
    }

    List<Annotation> annotations() {
        return annotations;
    }

    List<BadRow> bad() {
        return bad;
    }
}
