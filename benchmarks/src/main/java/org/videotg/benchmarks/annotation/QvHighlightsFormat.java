package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * QVHighlights and what Moment-DETR's successors bring into its form (TACoS in seconds, Charades-STA): a line
 * {@code {qid, query, duration, vid, relevant_windows}}, with {@code relevant_clip_ids} and {@code saliency_scores} for
 * highlights. The test set has no windows.
 */
record QvHighlightsFormat() implements AnnotationFormat {
    private static final Set<String> USED = Set.of("qid", "query", "duration", "vid", "relevant_windows");

    @Override
    public String name() {
        return "qvhighlights";
    }

    @Override
    public String label() {
        return "QVHighlights jsonl, TACoS jsonl in seconds ({qid, query, duration, vid, relevant_windows})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("qid", "query", "duration", "vid");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            Map<String, JsonNode> fields = new LinkedHashMap<>(row.rest(USED));
            boolean annotated = row.has("relevant_windows");
            if (!annotated) {
                fields.put(Sample.ANNOTATED, BooleanNode.FALSE);
            }
            return new Annotation(
                    row.words("qid"),
                    row.words("vid"),
                    false,
                    row.duration("duration"),
                    row.words("query"),
                    annotated ? row.intervals("relevant_windows") : List.of(),
                    Task.VTG,
                    List.of(),
                    null,
                    fields);
        });
    }
}
