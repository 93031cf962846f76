package org.videotg.benchmarks.annotation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.InputException;

/**
 * An annotation file that was read.
 *
 * @param format recognised or named
 * @param annotations every sentence that could be read, in the order of the file
 * @param bad rows that could not be read
 */
public record AnnotationFile(AnnotationFormat format, List<Annotation> annotations, List<FileRows.BadRow> bad) {
    private static final int LOOKED_AT = 20;

    /**
     * How a file is read.
     *
     * @param format the format's name; empty to recognise it by the content
     * @param durations csv with the columns {@code id} and {@code length} (seconds), for formats without durations
     * @param questions csv of NExT-QA questions, for NExT-GQA
     * @param strict whether a bad row is an error
     */
    public record Settings(
            Optional<String> format, Optional<Path> durations, Optional<Path> questions, boolean strict) {
        /** Recognise the format, use the file alone, keep every row that can be read. */
        public static Settings defaults() {
            return new Settings(Optional.empty(), Optional.empty(), Optional.empty(), false);
        }

        public Settings withFormat(String name) {
            return new Settings(Optional.of(name), durations, questions, strict);
        }

        public Settings withDurations(Path csv) {
            return new Settings(format, Optional.of(csv), questions, strict);
        }

        public Settings withQuestions(Path csv) {
            return new Settings(format, durations, Optional.of(csv), strict);
        }

        public Settings asStrict() {
            return new Settings(format, durations, questions, true);
        }
    }

    public AnnotationFile {
        annotations = List.copyOf(annotations);
        bad = List.copyOf(bad);
    }

    /** Reads a file in the format that its content shows. */
    public static AnnotationFile read(Path file) {
        return read(file, Settings.defaults());
    }

    /**
     * Reads a file.
     *
     * @throws InputException if the file is of no known format or not of the named one, breaks off, or holds no row
     *     that can be read; if the settings are strict, naming the first bad row
     */
    public static AnnotationFile read(Path file, Settings settings) {
        FileRows rows = FileRows.read(file);
        CompanionTables tables = new CompanionTables();
        settings.durations().ifPresent(csv -> tables.addDurations(FileRows.read(csv)));
        settings.questions().ifPresent(csv -> tables.addQuestions(FileRows.read(csv)));
        AnnotationFormat format = settings.format().map(AnnotationFormat::named).orElseGet(() -> recognise(rows));
        return read(rows, format, tables, settings.strict());
    }

    /**
     * Reads files that are parts of one data set. Tables among them complete the others: a csv of Charades gives
     * durations, one of NExT-QA the questions of rows with the same id; without other files its questions are the rows.
     *
     * @throws InputException as {@link #read(Path, Settings)} with strict settings
     */
    public static List<AnnotationFile> readAll(List<Path> files) {
        CompanionTables tables = new CompanionTables();
        List<FileRows> questions = new ArrayList<>();
        List<FileRows> others = new ArrayList<>();
        for (Path file : files) {
            FileRows rows = FileRows.read(file);
            if (CompanionTables.holdsDurations(rows)) {
                tables.addDurations(rows);
            } else {
                (CompanionTables.holdsQuestions(rows) ? questions : others).add(rows);
            }
        }
        if (others.isEmpty()) {
            others.addAll(questions);
        } else {
            questions.forEach(tables::addQuestions);
        }
        if (others.isEmpty()) {
            throw new InputException(files + " annotate nothing; give a file with annotated rows");
        }
        return others.stream()
                .map(rows -> read(rows, recognise(rows), tables, true))
                .toList();
    }

    private static AnnotationFile read(FileRows rows, AnnotationFormat format, CompanionTables tables, boolean strict) {
        if (rows.shape() != format.shape()) {
            throw new InputException(rows.file() + ": not of the format " + format.name() + ", whose files are "
                    + format.shape() + "; found " + rows.shape());
        }
        RowCollector sentences = new RowCollector(tables, rows.bad());
        rows.withoutHalfCharacters(sentences.bad()).forEach(row -> format.read(row, sentences));
        List<FileRows.BadRow> bad = sentences.bad();
        if (strict && !bad.isEmpty()) {
            throw new InputException(bad.get(0) + " (" + bad.size() + " bad in all)");
        }
        if (sentences.annotations().isEmpty()) {
            throw new InputException(
                    bad.isEmpty()
                            ? rows.file() + ": holds no row; give a file of " + format.label()
                            : "none of the rows can be read as " + format.name() + "; the first: " + bad.get(0));
        }
        return new AnnotationFile(format, sentences.annotations(), bad);
    }

    /** Other names by which prediction files call the rows, such as {@code charades_17}: a list for each annotation. */
    public List<List<String>> aliases() {
        return format.aliases(annotations);
    }

    private static AnnotationFormat recognise(FileRows rows) {
        return AnnotationFormat.all().stream()
                .filter(format -> format.shape() == rows.shape()
                        && rows.rows().stream().limit(LOOKED_AT).anyMatch(format::recognises))
                .findFirst()
                .orElseThrow(() -> new InputException(rows.file() + ": " + unknown(rows)));
    }

    private static String unknown(FileRows rows) {
        if (rows.rows().isEmpty()) {
            return rows.bad().isEmpty()
                    ? "holds no row; give a file of annotations"
                    : "none of the rows can be read; the first: " + rows.bad().get(0);
        }
        String line = rows.rows().get(0).text();
        if (line != null && line.startsWith("version https://git-lfs")) {
            return "stands for a file of Git LFS and is not the file itself; get it with: git lfs pull";
        }
        // UTF-16 without a mark at its start is valid UTF-8 as long as the text is plain.
        return line != null && line.indexOf('\0') >= 0
                ? "is not UTF-8 text; give a text file"
                : "not a known annotation format; known: " + String.join(", ", AnnotationFormat.names());
    }
}
