package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.core.io.InputException;

/** A published format of annotations: how its rows are recognised and read. */
public abstract class AnnotationFormat {
    private final String name;
    private final String label;
    private final FileRows.Shape shape;
    private final List<String> columns;

    /**
     * @param name by which the command line knows the format
     * @param label what people call it, and what its rows are
     * @param shape what its files are made of
     * @param columns fields by which a row is recognised
     */
    AnnotationFormat(String name, String label, FileRows.Shape shape, String... columns) {
        this.name = name;
        this.label = label;
        this.shape = shape;
        this.columns = List.of(columns);
    }

    /** Every format; of several that recognise a row the first is taken. */
    static List<AnnotationFormat> all() {
        Stream<AnnotationFormat> published = Stream.of(
                new VideotgFormat(),
                new CharadesStaFormat(),
                KeyedSentencesFormat.TACOS_FRAMES,
                KeyedSentencesFormat.ACTIVITYNET,
                KeyedSentencesFormat.TIMELENS_BENCH,
                new NextGqaFormat(),
                new NextQaFormat(),
                new RexTimeFormat(),
                new QvHighlightsFormat(),
                new TimeR1Format(),
                new TvgBenchFormat(),
                TimeLensFormat.events(),
                TimeLens2Format.rollouts(),
                TimeLensFormat.filtered(),
                TimeLens2Format.raw(),
                new TimeChatFormat(),
                new VideoChatGqaFormat());
        return Stream.concat(published, ExportFormat.packaged().stream().map(ExportedFormat::new))
                .toList();
    }

    /**
     * Returns the format of that name.
     *
     * @throws InputException if there is none
     */
    static AnnotationFormat named(String name) {
        return all().stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "unknown annotation format \"" + name + "\"; known: " + String.join(", ", names())));
    }

    /** The names of all formats, as the command line takes them. */
    public static List<String> names() {
        return all().stream().map(AnnotationFormat::name).collect(Collectors.toList());
    }

    public final String name() {
        return name;
    }

    public final String label() {
        return label;
    }

    final FileRows.Shape shape() {
        return shape;
    }

    /** Whether a row looks like one of this format; it may still be broken. */
    boolean recognises(FileRow row) {
        return columns.stream().allMatch(row::has);
    }

    /** Hands every sentence of the row to the collector. */
    abstract void read(FileRow row, RowCollector sentences);

    /** Other names by which prediction files call the rows of one file: a list for each row. */
    List<List<String>> aliases(List<Annotation> rows) {
        return rows.stream().map(row -> List.<String>of()).toList();
    }
}
