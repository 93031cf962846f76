package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;

/**
 * Tables that some data sets keep beside their annotations: durations of videos (Charades) and questions (NExT-GQA).
 */
final class CompanionTables {
    private final Map<String, OptionalDouble> durations = new HashMap<>();
    private final Map<String, Annotation> questions = new HashMap<>();
    private boolean hasQuestions;

    static boolean holdsDurations(FileRows table) {
        return table.shape() == FileRows.Shape.TABLE
                && !table.rows().isEmpty()
                && table.rows().get(0).has("id", "length");
    }

    static boolean holdsQuestions(FileRows table) {
        return table.shape() == FileRows.Shape.TABLE
                && !table.rows().isEmpty()
                && new NextQaFormat().recognises(table.rows().get(0));
    }

    /**
     * Takes a csv with the columns {@code id} and {@code length}.
     *
     * @throws InputException if a column is missing or a length is not a positive number
     */
    void addDurations(FileRows table) {
        if (!holdsDurations(table)) {
            throw new InputException(
                    table.file() + ": not a csv with the columns \"id\" and \"length\"; give one, such as "
                            + "Charades_v1_test.csv");
        }
        for (FileRow row : table.rows()) {
            String length = row.node().path("length").asText().strip();
            double seconds;
            try {
                seconds = Double.parseDouble(length);
            } catch (NumberFormatException e) {
                seconds = Double.NaN;
            }
            if (!(seconds > 0) || Double.isInfinite(seconds)) {
                throw new InputException(
                        row.where() + ": \"length\" must be a positive number of seconds, not \"" + length + "\"");
            }
            durations.put(row.node().path("id").asText().strip(), OptionalDouble.of(seconds));
        }
    }

    /**
     * Takes a csv of NExT-QA.
     *
     * @throws InputException if it is none, or a row is broken
     */
    void addQuestions(FileRows table) {
        if (!holdsQuestions(table)) {
            throw new InputException(
                    table.file() + ": not a csv with the columns \"qid\" and \"answer\"; give that of NExT-GQA");
        }
        RowCollector rows = new RowCollector(new CompanionTables(), table.bad());
        table.rows().forEach(row -> new NextQaFormat().read(row, rows));
        if (!rows.bad().isEmpty()) {
            throw new InputException(rows.bad().get(0).toString());
        }
        rows.annotations().forEach(row -> questions.put(row.id(), row));
        hasQuestions = true;
    }

    /** Adds to a row what its file leaves to the tables. */
    Annotation complete(Annotation row) {
        Annotation timed = row.duration().isPresent() ? row : row.withDuration(duration(row.video()));
        if (!row.query().isEmpty() || !hasQuestions) {
            return timed;
        }
        Annotation question = questions.get(row.id());
        if (question == null) {
            throw new FileRow.Problem(
                    "question " + row.id() + " is not in the csv of questions; give the csv of the same split");
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>(question.fields());
        fields.remove(Sample.ANNOTATED);
        return timed.withQuery(question.query())
                .withAnswer(question.options(), question.answer())
                .withFields(fields);
    }

    private OptionalDouble duration(String video) {
        OptionalDouble seconds = durations.get(video);
        return seconds == null ? durations.getOrDefault(Annotation.stem(video), OptionalDouble.empty()) : seconds;
    }
}
