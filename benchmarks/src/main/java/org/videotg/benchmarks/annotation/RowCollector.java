package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Collects the sentences of one file, and what is wrong with those that can't be read. */
final class RowCollector {
    private final CompanionTables tables;
    private final List<Annotation> annotations = new ArrayList<>();
    private final List<FileRows.BadRow> bad;
    private final Map<String, Integer> sentences = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();

    RowCollector(CompanionTables tables, List<FileRows.BadRow> bad) {
        this.tables = tables;
        this.bad = new ArrayList<>(bad);
    }

    /** Adds one sentence, completed from the tables; if it can't be read, its place is noted. */
    void add(String where, Supplier<Annotation> sentence) {
        try {
            Annotation annotation = tables.complete(sentence.get());
            String earlier = ids.putIfAbsent(annotation.id(), where);
            if (earlier != null) {
                throw new FileRow.Problem("id \"" + annotation.id() + "\" is already used at " + earlier);
            }
            annotations.add(annotation);
        } catch (FileRow.Problem problem) {
            bad.add(new FileRows.BadRow(where, problem.getMessage()));
        }
    }

    /** Notes that a row as a whole can't be read. */
    void addBad(String where, String problem) {
        bad.add(new FileRows.BadRow(where, problem));
    }

    /** An id for a row that has none: the video's name and the number of its sentences so far. */
    String id(String video) {
        return video + "#" + (sentences.merge(video, 1, Integer::sum) - 1);
    }

    List<Annotation> annotations() {
        return annotations;
    }

    /** The bad rows so far; the list may be added to. */
    List<FileRows.BadRow> bad() {
        return bad;
    }
}
