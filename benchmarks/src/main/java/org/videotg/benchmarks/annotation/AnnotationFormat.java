package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.core.io.InputException;

/** A published form of annotations. */
public sealed interface AnnotationFormat
        permits CharadesStaFormat,
                KeyedSentencesFormat,
                NextGqaFormat,
                QvHighlightsFormat,
                RexTimeFormat,
                TimeR1Format,
                TvgBenchFormat,
                TimeLensFormat,
                TimeLensFilteredFormat,
                VideoChatGqaFormat,
                VideotgFormat,
                ExportedFormat {
    /** The name by which the command line knows it. */
    String name();

    /** What people call it, and what its rows are. */
    String label();

    /** What its files are made of. */
    Content.Shape shape();

    /** Whether a row of such a file looks like this format; it may still be wrong. */
    boolean recognises(Row row);

    /** Hands every sentence of the row to the sink. */
    void read(Row row, RowCollector sink);

    /** Every format there is; of several that recognise a row the first is meant. */
    static List<AnnotationFormat> all() {
        Stream<AnnotationFormat> published = Stream.of(
                new VideotgFormat(),
                new CharadesStaFormat(),
                KeyedSentencesFormat.TACOS_FRAMES,
                KeyedSentencesFormat.ACTIVITYNET,
                KeyedSentencesFormat.TIMELENS_BENCH,
                new NextGqaFormat(),
                new RexTimeFormat(),
                new QvHighlightsFormat(),
                new TimeR1Format(),
                new TvgBenchFormat(),
                new TimeLensFormat(),
                new TimeLensFilteredFormat(),
                new VideoChatGqaFormat());
        return Stream.concat(published, ExportFormat.packaged().stream().map(ExportedFormat::new))
                .toList();
    }

    /**
     * @throws InputException if there is none of this name
     */
    static AnnotationFormat named(String name) {
        return all().stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown annotation format \"" + name + "\"; known: " + names()));
    }

    /** The names of all formats, for messages. */
    static String names() {
        return all().stream().map(AnnotationFormat::name).collect(Collectors.joining(", "));
    }
}
