package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.core.io.InputException;

/**
 * Which prediction belongs to which annotated row.
 *
 * @param pairs one for every annotated row, in the order of the annotations
 * @param unmatched keys of predictions that belong to none
 */
public record Pairing(List<Pair> pairs, List<String> unmatched) {
    /**
     * An annotated row and its prediction.
     *
     * @param prediction null if there is none
     */
    public record Pair(Annotation annotation, PredictedRow prediction) {
        public Pair {
            Objects.requireNonNull(annotation, "annotation");
        }

        String id() {
            return annotation.id();
        }

        /** The annotated spans. */
        List<Span> truths() {
            return Span.of(annotation.intervals());
        }

        /** Seconds of the video; null if unknown. */
        Double duration() {
            return annotation.duration().isPresent()
                    ? Double.valueOf(annotation.duration().getAsDouble())
                    : null;
        }
    }

    public Pairing {
        pairs = List.copyOf(pairs);
        unmatched = List.copyOf(unmatched);
    }

    /**
     * Joins by id, alias or triple. Several files may hold parts of one row's prediction (NExT-GQA keeps intervals and
     * answers apart); of two predictions that state the same part the later holds, as in the evaluators' dictionaries.
     *
     * @throws InputException if no prediction belongs to any row
     */
    public static Pairing join(List<AnnotationFile> files, List<PredictedRow> predictions) {
        Map<String, PredictedRow> byKey = new LinkedHashMap<>();
        predictions.forEach(row -> byKey.merge(row.key(), row, PredictedRow::and));
        Set<String> used = new HashSet<>();
        List<Pair> pairs = new ArrayList<>();
        for (AnnotationFile file : files) {
            List<List<String>> aliases = file.aliases();
            for (int i = 0; i < aliases.size(); i++) {
                Annotation annotation = file.annotations().get(i);
                PredictedRow found = null;
                for (String name : names(annotation, aliases.get(i))) {
                    PredictedRow row = byKey.get(name);
                    if (row != null) {
                        found = row;
                        used.add(row.key());
                    }
                }
                pairs.add(new Pair(annotation, found));
            }
        }
        if (used.isEmpty()) {
            throw new InputException("no prediction belongs to any annotated row: predictions are named like \""
                    + byKey.keySet().stream().findFirst().orElse("") + "\", annotations like \""
                    + pairs.get(0).id() + "\"; give the files of the same data set");
        }
        return new Pairing(
                pairs,
                byKey.keySet().stream().filter(key -> !used.contains(key)).toList());
    }

    /** Pairs of prediction files that repeat their annotations. */
    public static Pairing repeated(List<PredictedRow> predictions) {
        return new Pairing(
                predictions.stream().map(row -> new Pair(row.annotation(), row)).toList(), List.of());
    }

    /**
     * The baseline that answers [0, duration] to everything.
     *
     * @throws InputException if a duration is unknown
     */
    public static Pairing wholeVideo(List<AnnotationFile> files) {
        List<Pair> pairs = new ArrayList<>();
        files.forEach(file -> file.annotations().forEach(annotation -> {
            double duration = annotation
                    .duration()
                    .orElseThrow(() -> new InputException("video \"" + annotation.video()
                            + "\" has no duration, which whole-video predictions need; "
                            + "give a second annotation file with durations"));
            pairs.add(new Pair(
                    annotation,
                    PredictedRow.of(annotation.id())
                            .withWindows(PredictedRow.Windows.of(List.of(new Span(0, duration))))));
        }));
        return new Pairing(pairs, List.of());
    }

    /**
     * The name of a row in files that have no ids: video without folder and suffix, plain query, first annotated span.
     */
    static String triple(String video, String query, Span truth) {
        return Annotation.stem(video) + ">>>" + plain(query) + ">>>" + truth;
    }

    /** Every name of a row: aliases, id, triple. */
    private static List<String> names(Annotation row, List<String> aliases) {
        List<String> names = new ArrayList<>(aliases);
        names.add(row.id());
        if (!row.intervals().isEmpty()) {
            names.add(triple(row.video(), row.query(), Span.of(row.intervals()).get(0)));
        }
        return names;
    }

    /** A query without superfluous white space and full stops at its ends. */
    private static String plain(String query) {
        return query.replaceAll("\\s+", " ")
                .strip()
                .replaceAll("^\\.++|(?<!\\.)\\.++$", "")
                .strip();
    }
}
