package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * A format whose loader builds a table: every row has the same columns, each column one type, and no value is null,
 * since the types are guessed from the first rows.
 */
abstract class TableExport extends ExportFormat {
    /** The placeholder of the video in a prompt. */
    static final String VIDEO = "<video>";

    TableExport(String name, String label, String... columns) {
        super(name, label, columns);
    }

    /** Video, id and duration of a sample; formats add the truth. */
    @Override
    public ObjectNode facts(Sample sample) {
        ObjectNode row = Json.MAPPER.createObjectNode();
        row.putArray("videos").add(sample.video());
        return row.put("id", sample.id()).put("duration", sample.duration());
    }

    /**
     * The truth as JSON text: {@code [[24.3,30.4]]}, and for questions {@code
     * {"answer":"C","intervals":[[24.3,30.4]]}}.
     */
    static String truth(Sample sample) {
        if (sample.task() != Task.GQA) {
            return Json.line(sample.intervals());
        }
        ObjectNode truth = Json.MAPPER.createObjectNode().put("answer", sample.answer());
        truth.set("intervals", Json.MAPPER.valueToTree(sample.intervals()));
        return Json.line(truth);
    }

    @Override
    public final Optional<String> refusal(Sample sample) {
        if (!sample.isAnnotated()) {
            return Optional.of("its file gives no interval");
        }
        return (sample.query() + sample.options()).contains(VIDEO)
                ? Optional.of("its text holds " + VIDEO + ", which stands for the video")
                : Optional.empty();
    }

    @Override
    final Optional<String> caution(Sample sample) {
        return !sample.clip().isWhole()
                ? Optional.of("it is a clip, whose start and end " + label() + " does not read: cut the videos first")
                : Optional.empty();
    }

    /** The columns of a sample's row that come before its curation and the packed sample. */
    abstract ObjectNode row(Sample sample);

    /**
     * Writes a list if the file is a .json, else a row a line; the curation gets columns of its own if every sample has
     * one.
     */
    @Override
    List<Path> write(List<Sample> samples, Path file) {
        List<Optional<Curation>> curations = samples.stream().map(Curation::of).toList();
        boolean curated = curations.stream().allMatch(Optional::isPresent);
        List<ObjectNode> rows = IntStream.range(0, samples.size())
                .mapToObj(i -> {
                    ObjectNode row = row(samples.get(i));
                    if (curated) {
                        Curation curation = curations.get(i).orElseThrow();
                        row.put("difficulty", curation.difficulty())
                                .put("hard", curation.hard())
                                .put("reflected", Json.line(curation.reflected()))
                                .put("undecided", curation.undecided())
                                .put("repaired", curation.repaired());
                    }
                    return row.put(PACKED, ExportFormat.pack(samples.get(i)));
                })
                .toList();
        if (file.toString().endsWith(".json")) {
            AtomicFiles.writeString(file, Json.pretty(rows));
        } else {
            Jsonl.write(file, rows);
        }
        return List.of(file);
    }

    /** The user's turn, which begins with the video, and the assistant's. */
    static ObjectNode withMessages(ObjectNode row, Sample sample) {
        ArrayNode messages = row.putArray("messages");
        messages.addObject().put("role", "user").put("content", prompt(sample));
        messages.addObject().put("role", "assistant").put("content", reply(sample));
        return row;
    }

    /** The video and a question in plain words. */
    static String prompt(Sample sample) {
        return VIDEO
                + switch (sample.task()) {
                    case VTG ->
                        "When does this happen in the video: \"" + sample.query()
                                + "\"? Answer with its start and end in seconds, for example 12.54 to 17.83.";
                    case LIST ->
                        "When does this happen in the video: \"" + sample.query()
                                + "\"? Answer with every start and end in seconds, for example 12.54 to 17.83, 20.00 to 21.50, "
                                + "or with none.";
                    case GQA ->
                        sample.query() + "\n" + options(sample.options())
                                + "\nAnswer with the letter of the right option and the start and end, in seconds, of the moment "
                                + "that shows it, for example (A) 12.54 to 17.83.";
                };
    }

    /** The right reply without any thinking: times as {@code 24.30 to 30.40}, answers as {@code (B)}. */
    private static String reply(Sample sample) {
        String times = sample.intervals().isEmpty()
                ? "none"
                : sample.intervals().stream()
                        .map(interval -> seconds(interval.start()) + " to " + seconds(interval.end()))
                        .collect(Collectors.joining(", "));
        return sample.answer() == null ? times : "(" + sample.answer() + ") " + times;
    }

    private static String options(List<String> options) {
        return IntStream.range(0, options.size())
                .mapToObj(i -> "(" + (char) ('A' + i) + ") " + options.get(i))
                .collect(Collectors.joining("\n"));
    }

    private static String seconds(double time) {
        return new BigDecimal(time).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
