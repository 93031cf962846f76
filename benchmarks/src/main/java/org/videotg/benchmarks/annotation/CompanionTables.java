package org.videotg.benchmarks.annotation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Csv;
import org.videotg.core.io.InputException;

/**
 * Tables that some sets keep beside their annotations.
 *
 * @param durations seconds by video
 * @param questions by video and number, {@code VIDEO_QID}; empty if no file was given
 */
record CompanionTables(Map<String, Double> durations, Optional<Map<String, Question>> questions) {
    private static final Set<String> USED = Set.of("video_id", "video", "question", "answer", "qid");

    /**
     * A multiple-choice question.
     *
     * @param answer index of the right option, from 0; -1 if none of the options reads as the answer
     * @param fields the other columns
     */
    record Question(String text, List<String> options, int answer, Map<String, String> fields) {}

    static CompanionTables of(ReadSettings settings) {
        return new CompanionTables(
                settings.durations().map(CompanionTables::durations).orElse(Map.of()),
                settings.questions().map(CompanionTables::questions));
    }

    OptionalDouble duration(String video) {
        Double seconds = durations.get(video);
        return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds);
    }

    private static Map<String, Double> durations(Path file) {
        Map<String, Double> durations = new HashMap<>();
        for (Csv.Row row : Csv.read(AtomicFiles.readString(file), file.toString(), "id", "length")) {
            String given = row.get("length").strip();
            try {
                double seconds = Double.parseDouble(given);
                if (seconds > 0 && Double.isFinite(seconds)) {
                    durations.put(row.get("id").strip(), seconds);
                    continue;
                }
            } catch (NumberFormatException e) {
                // The message below names the value.
            }
            throw new InputException(
                    row.where() + ": \"length\" must be a positive number of seconds, not \"" + given + "\"");
        }
        return durations;
    }

    /** NExT-GQA names the video {@code video_id} and gives the answer's text; NExT-QA {@code video} and its index. */
    private static Map<String, Question> questions(Path file) {
        Map<String, Question> questions = new HashMap<>();
        for (Csv.Row row :
                Csv.read(AtomicFiles.readString(file), file.toString(), "question", "answer", "qid", "a0", "a1")) {
            Map<String, String> values = row.values();
            List<String> options = new ArrayList<>();
            for (String option = values.get("a0"); option != null; option = values.get("a" + options.size())) {
                options.add(option.strip());
            }
            Map<String, String> fields = new LinkedHashMap<>(values);
            fields.keySet().removeIf(name -> USED.contains(name) || name.matches("a\\d+"));
            String video = values.containsKey("video_id") ? values.get("video_id") : values.get("video");
            if (video == null) {
                throw new InputException(file + ": column \"video_id\" is missing; give the csv of NExT-GQA");
            }
            String answer = values.get("answer").strip();
            int index = options.indexOf(answer);
            if (index < 0 && answer.matches("\\d{1,2}") && Integer.parseInt(answer) < options.size()) {
                index = Integer.parseInt(answer);
            }
            questions.put(
                    video.strip() + "_" + values.get("qid").strip(),
                    new Question(values.get("question").strip(), options, index, fields));
        }
        return questions;
    }
}
