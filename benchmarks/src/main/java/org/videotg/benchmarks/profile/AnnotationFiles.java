package org.videotg.benchmarks.profile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Csv;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;

/** Reads annotation files in whichever format their content shows. */
public final class AnnotationFiles {
    private static final int OPTIONS = 26;

    private AnnotationFiles() {}

    /**
     * Reads files that are parts of one data set, or complete each other: a csv of Charades gives durations, a csv of NExT-QA
     * questions, options and answers of rows with the same id.
     *
     * @throws InputException if a file is of no known format, or a row is broken
     */
    public static Annotations read(List<Path> files) {
        List<Truth> truths = new ArrayList<>();
        List<Format> formats = new ArrayList<>();
        Map<String, Truth> questions = new LinkedHashMap<>();
        Map<String, Double> durations = new HashMap<>();
        for (Path file : files) {
            formats.add(read(AtomicFiles.readString(file), file.toString(), truths, questions, durations));
        }
        if (truths.isEmpty()) {
            truths.addAll(questions.values());
        }
        if (truths.isEmpty()) {
            throw new InputException(files + " annotate nothing; give a file with annotated rows");
        }
        List<Truth> complete = truths.stream()
                .map(truth -> complete(truth, questions.get(truth.id()), durations.get(Truth.stem(truth.video()))))
                .toList();
        return new Annotations(complete, formats);
    }

    private static Truth complete(Truth truth, Truth question, Double seconds) {
        Truth timed = truth.duration() == null ? truth.withDuration(seconds) : truth;
        return question == null || timed.answer() != null
                ? timed
                : timed.withAnswer(question.options(), question.answer(), question.type());
    }

    private static Format read(
            String text, String file, List<Truth> truths, Map<String, Truth> questions, Map<String, Double> durations) {
        String start = text.stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            return json(JsonFile.read(text, file), file, truths);
        }
        if (start.lines().findFirst().orElse("").contains("##")) {
            truths.addAll(VideoTruths.charadesSta(text, file));
            return Format.CHARADES_STA;
        }
        List<Csv.Row> rows = Csv.read(text, file);
        if (!rows.isEmpty() && rows.get(0).has("id") && rows.get(0).has("length")) {
            rows.forEach(row -> durations.put(row.get("id"), seconds(row)));
            return Format.DURATIONS;
        }
        if (!rows.isEmpty() && rows.get(0).has("qid") && rows.get(0).has("answer")) {
            rows.stream().map(AnnotationFiles::question).forEach(question -> questions.put(question.id(), question));
            return Format.QUESTIONS;
        }
        throw unknown(file);
    }

    private static Format json(JsonFile json, String file, List<Truth> truths) {
        if (json.object() != null) {
            Format format = VideoTruths.format(json.object());
            if (format != null) {
                truths.addAll(VideoTruths.read(format, json.object(), file));
                return format;
            }
        }
        List<Jsonl.Row> rows = json.rows() == null ? List.of(new Jsonl.Row(json.object(), file)) : json.rows();
        Format format = rows.isEmpty() ? null : RowTruths.format(rows.get(0).node());
        if (format == null) {
            throw unknown(file);
        }
        for (int i = 0; i < rows.size(); i++) {
            if (RowTruths.format(rows.get(i).node()) != format) {
                throw new InputException(
                        rows.get(i).where() + ": not a row of " + format.label() + ", as the first one is");
            }
            truths.addAll(RowTruths.read(format, rows.get(i), i));
        }
        return format;
    }

    private static InputException unknown(String file) {
        return new InputException(file + ": not annotations of a known format; known are those of docs/metrics.md");
    }

    private static double seconds(Csv.Row row) {
        try {
            return Double.parseDouble(row.get("length"));
        } catch (NumberFormatException e) {
            throw new InputException(
                    row.where() + ": \"length\" must be a number of seconds, not \"" + row.get("length") + "\"", e);
        }
    }

    /** NExT-QA names the right option by its index, NExT-GQA by its text. */
    private static Truth question(Csv.Row row) {
        String video = row.has("video") ? row.get("video") : row.get("video_id");
        List<String> options = new ArrayList<>();
        for (int i = 0; i < OPTIONS && row.has("a" + i); i++) {
            options.add(row.get("a" + i));
        }
        String answer = row.get("answer");
        int index = answer.matches("[0-9]{1,2}") ? Integer.parseInt(answer) : options.indexOf(answer);
        if (video == null || index < 0 || index >= options.size()) {
            throw new InputException(
                    row.where() + ": a question needs a \"video\" and an \"answer\" that is one of its "
                            + "options, not \""
                            + answer + "\"");
        }
        return Truth.of(video + "_" + row.get("qid"), video, String.valueOf(row.get("question")), null, List.of())
                .withAnswer(options, Values.letter(index), row.get("type"));
    }
}
