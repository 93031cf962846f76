package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.videotg.core.sample.Interval;

/** One JSON object with an entry for each video: a list of pairs and a list of sentences of the same length. */
final class KeyedSentencesFormat extends AnnotationFormat {
    /** ActivityNet Captions, and every set that Time-R1 and TimeZero bring into this form; seconds. */
    static final KeyedSentencesFormat ACTIVITYNET = new KeyedSentencesFormat(
            "activitynet",
            "ActivityNet Captions json ({VIDEO: {duration, timestamps, sentences}})",
            "timestamps",
            "sentences");
    /** TACoS as 2D-TAN and VSLNet use it; frames. */
    static final KeyedSentencesFormat TACOS_FRAMES = new KeyedSentencesFormat(
            "tacos-frames",
            "TACoS json in frames ({VIDEO: {fps, num_frames, timestamps, sentences}})",
            "timestamps",
            "sentences");
    /** TimeLens-Bench: Charades, ActivityNet and QVHighlights annotated anew; seconds. */
    static final KeyedSentencesFormat TIMELENS_BENCH = new KeyedSentencesFormat(
            "timelens-bench", "TimeLens-Bench json ({VIDEO: {duration, spans, queries}})", "spans", "queries");

    private final String pairs;
    private final String sentences;

    private KeyedSentencesFormat(String name, String label, String pairs, String sentences) {
        super(name, label, FileRows.Shape.KEYED, pairs, sentences);
        this.pairs = pairs;
        this.sentences = sentences;
    }

    /** Whether pairs count frames, which are divided by {@code fps}; the duration is {@code num_frames / fps} then. */
    private boolean frames() {
        return name().equals("tacos-frames");
    }

    @Override
    boolean recognises(FileRow row) {
        return super.recognises(row) && (!frames() || (row.has("fps", "num_frames") && !row.has("duration")));
    }

    @Override
    void read(FileRow row, RowCollector rows) {
        JsonNode times = row.node().path(pairs);
        JsonNode texts = row.node().path(sentences);
        if (!times.isArray() || !texts.isArray() || times.size() != texts.size()) {
            rows.addBad(
                    row.where(),
                    "needs as many \"" + pairs + "\" as \"" + sentences + "\", not " + times.size() + " and "
                            + texts.size());
            return;
        }
        for (int i = 0; i < texts.size(); i++) {
            int number = i;
            String id = rows.id(row.key());
            rows.add(row.where(), () -> sentence(row, id, number, times.get(number), texts.get(number)));
        }
    }

    private Annotation sentence(FileRow row, String id, int number, JsonNode pair, JsonNode text) {
        double fps = frames() ? row.positive("fps") : 1;
        OptionalDouble duration =
                frames() ? OptionalDouble.of(row.positive("num_frames") / fps) : row.duration("duration");
        boolean listed = pair.size() == 1 && pair.path(0).isArray();
        Interval interval = FileRow.interval(listed ? pair.get(0) : pair, fps, "\"" + pairs + "\" " + number);
        return Annotation.of(id, row.key(), FileRow.words(text, "\"" + sentences + "\" " + number))
                .withDuration(duration)
                .withIntervals(List.of(interval))
                .withFields(row.rest(Set.of("duration", pairs, sentences)));
    }

    /** The sentence's number after an underscore, and its place in the file, as Time-R1 names it. */
    @Override
    List<List<String>> aliases(List<Annotation> rows) {
        List<List<String>> aliases = new ArrayList<>();
        for (Annotation row : rows) {
            String number = row.id().substring(row.video().length() + 1);
            aliases.add(
                    List.of(row.video() + "_" + number, "charades_" + aliases.size(), "activitynet_" + aliases.size()));
        }
        return aliases;
    }
}
