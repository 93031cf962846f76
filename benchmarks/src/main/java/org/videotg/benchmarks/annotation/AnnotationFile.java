package org.videotg.benchmarks.annotation;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;

/**
 * A file as it was read.
 *
 * @param format that it is of
 * @param annotations every whole sentence, in the order of the file
 * @param bad what could not be read
 */
public record AnnotationFile(AnnotationFormat format, List<Annotation> annotations, List<BadRow> bad) {
    public AnnotationFile {
        annotations = List.copyOf(annotations);
        bad = List.copyOf(bad);
    }

    /** Reads a file in the format that its content shows. */
    public static AnnotationFile read(Path file) {
        return read(file, ReadSettings.defaults());
    }

    /**
     * @throws InputException if the file is of no known format or not of the named one, breaks off, or holds no whole row; naming
     *     the first bad row, if the settings are strict
     */
    public static AnnotationFile read(Path file, ReadSettings settings) {
        Content content = Content.of(AtomicFiles.readString(file), file.toString());
        AnnotationFormat format =
                settings.format().map(AnnotationFormat::named).orElseGet(() -> recognise(content, file));
        if (content.shape() != format.shape()) {
            throw new InputException(file + ": not of the format " + format.name() + ", whose files are "
                    + format.shape() + "; found " + content.shape());
        }
        RowCollector sink = new RowCollector(CompanionTables.of(settings), content.bad());
        content.rows().forEach(row -> format.read(row, sink));
        if (settings.strict() && !sink.bad().isEmpty()) {
            throw new InputException(sink.bad().get(0) + " (" + sink.bad().size() + " bad in all)");
        }
        if (sink.annotations().isEmpty()) {
            throw new InputException(
                    sink.bad().isEmpty()
                            ? file + ": holds no row; give a file of " + format.label()
                            : "none of the rows can be read as " + format.name() + "; the first: "
                                    + sink.bad().get(0));
        }
        return new AnnotationFile(format, sink.annotations(), sink.bad());
    }

    private static AnnotationFormat recognise(Content content, Path file) {
        return AnnotationFormat.all().stream()
                .filter(format -> format.shape() == content.shape()
                        && content.rows().stream().limit(20).anyMatch(format::recognises))
                .findFirst()
                .orElseThrow(() -> new InputException(file + ": " + unknown(content)));
    }

    private static String unknown(Content content) {
        if (content.rows().isEmpty()) {
            return content.bad().isEmpty()
                    ? "holds no row; give a file of annotations"
                    : "none of the rows can be read; the first: "
                            + content.bad().get(0);
        }
        String line = content.rows().get(0).text();
        if (line != null && line.startsWith("version https://git-lfs")) {
            return "stands for a file of Git LFS and is not the file itself; get it with: git lfs pull";
        }
        // UTF-16 without a mark at its start is valid UTF-8 as long as the text is plain.
        return line != null && line.indexOf('\0') >= 0
                ? "is not UTF-8 text; give a text file"
                : "not a known annotation format; known: " + AnnotationFormat.names();
    }
}
