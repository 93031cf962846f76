package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.Map;
import java.util.Set;
import org.videotg.core.sample.Sample;

/**
 * QVHighlights and what Moment-DETR's successors bring into its form (TACoS in seconds, Charades-STA): a line
 * {@code {qid, query, duration, vid, relevant_windows}}, with {@code relevant_clip_ids} and {@code saliency_scores} for
 * highlights. The test set has no windows.
 */
final class QvHighlightsFormat extends AnnotationFormat {
    private static final String WINDOWS = "relevant_windows";

    QvHighlightsFormat() {
        super(
                "qvhighlights",
                "QVHighlights jsonl, TACoS jsonl in seconds ({qid, query, duration, vid, relevant_windows})",
                FileRows.Shape.RECORDS,
                "qid",
                "vid");
    }

    @Override
    boolean recognises(FileRow row) {
        return super.recognises(row) && (row.has(WINDOWS) || row.has("query", "duration"));
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            Annotation query = Annotation.of(row.words("qid"), row.words("vid"), row.words("query"))
                    .withDuration(row.duration("duration"))
                    .withFields(row.rest(Set.of("qid", "query", "duration", "vid", WINDOWS)));
            return row.has(WINDOWS)
                    ? query.withIntervals(row.intervals(WINDOWS))
                    : query.withFields(Map.of(Sample.ANNOTATED, BooleanNode.FALSE));
        });
    }
}
