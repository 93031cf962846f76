package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * One JSON object with an entry for each video: a list of pairs and a list of sentences of the same length.
 *
 * @param pairs name of the list of pairs
 * @param sentences name of the list of sentences
 * @param frames whether the pairs count frames, which are divided by {@code fps}, and the duration is {@code num_frames / fps}
 */
record KeyedSentencesFormat(String name, String label, String pairs, String sentences, boolean frames)
        implements AnnotationFormat {
    /** ActivityNet Captions, and every set that Time-R1 and TimeZero bring into this form; seconds. */
    static final KeyedSentencesFormat ACTIVITYNET = new KeyedSentencesFormat(
            "activitynet",
            "ActivityNet Captions json ({VIDEO: {duration, timestamps, sentences}})",
            "timestamps",
            "sentences",
            false);
    /** TACoS as 2D-TAN and VSLNet use it; frames. */
    static final KeyedSentencesFormat TACOS_FRAMES = new KeyedSentencesFormat(
            "tacos-frames",
            "TACoS json in frames ({VIDEO: {fps, num_frames, timestamps, sentences}})",
            "timestamps",
            "sentences",
            true);
    /** TimeLens-Bench: Charades, ActivityNet and QVHighlights annotated anew; seconds. */
    static final KeyedSentencesFormat TIMELENS_BENCH = new KeyedSentencesFormat(
            "timelens-bench", "TimeLens-Bench json ({VIDEO: {duration, spans, queries}})", "spans", "queries", false);

    @Override
    public Content.Shape shape() {
        return Content.Shape.KEYED;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has(pairs, sentences)
                && (frames ? row.has("fps", "num_frames") && !row.has("duration") : row.has("duration"));
    }

    @Override
    public void read(Row row, RowCollector sink) {
        JsonNode times = row.node().path(pairs);
        JsonNode texts = row.node().path(sentences);
        if (!times.isArray() || !texts.isArray() || times.size() != texts.size()) {
            sink.add(row.where(), () -> {
                throw new Row.Problem("needs as many \"" + pairs + "\" as \"" + sentences + "\", not " + times.size()
                        + " and " + texts.size());
            });
            return;
        }
        for (int i = 0; i < texts.size(); i++) {
            int number = i;
            String id = sink.id(row.key());
            sink.add(row.where(), () -> sentence(row, id, number, times.get(number), texts.get(number)));
        }
    }

    private Annotation sentence(Row row, String id, int number, JsonNode pair, JsonNode text) {
        String what = "\"" + pairs + "\" " + number;
        double fps = frames ? row.duration("fps").getAsDouble() : 1;
        OptionalDouble duration = OptionalDouble.of(
                row.duration(frames ? "num_frames" : "duration").getAsDouble() / fps);
        boolean listed = pair.size() == 1 && pair.path(0).isArray();
        Interval interval = Row.interval(listed ? pair.get(0) : pair, fps, what);
        Map<String, JsonNode> fields = row.rest(Set.of("duration", pairs, sentences));
        return new Annotation(
                id,
                row.key(),
                false,
                duration,
                Row.words(text, "\"" + sentences + "\" " + number),
                List.of(interval),
                Task.VTG,
                List.of(),
                null,
                fields);
    }
}
