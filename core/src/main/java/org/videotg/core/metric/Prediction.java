package org.videotg.core.metric;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.videotg.core.error.InputException;
import org.videotg.core.interval.Interval;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.prompt.ReplyParser;
import org.videotg.core.reward.GroundingIou;

/**
 * What a model answered to one sample; a row of {@code predictions.jsonl}.
 *
 * @param id of the sample
 * @param intervals predicted, in seconds, as they were written; empty if the reply could not be parsed, or says "none"
 * @param reply the raw text
 * @param iou with the annotation ({@link GroundingIou}), in [0, 1]; 0 if unparsed
 */
public record Prediction(String id, List<Interval> intervals, String reply, double iou) {
    public Prediction {
        Objects.requireNonNull(id, "\"id\" is missing");
        Objects.requireNonNull(intervals, "\"intervals\" is missing");
        Objects.requireNonNull(reply, "\"reply\" is missing");
        intervals = List.copyOf(intervals);
        if (!(iou >= 0 && iou <= 1)) {
            throw new IllegalArgumentException("\"iou\" must lie in [0, 1], not " + iou);
        }
    }

    /** Whether the reply said anything: an interval, or "none". */
    public boolean parsed() {
        return !intervals.isEmpty() || ReplyParser.list(reply).isPresent();
    }

    /**
     * Reads a file of predictions.
     *
     * @throws InputException naming file and line of the first bad row, or an id that stands twice
     */
    public static List<Prediction> read(Path file) {
        List<Prediction> predictions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            Prediction prediction = Json.convert(row.node(), Prediction.class, row.where());
            if (!seen.add(prediction.id())) {
                throw new InputException(row.where() + ": id \"" + prediction.id() + "\" stands twice; ids must be unique");
            }
            predictions.add(prediction);
        }
        return List.copyOf(predictions);
    }
}
