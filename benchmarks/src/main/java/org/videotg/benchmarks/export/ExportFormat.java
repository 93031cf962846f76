package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/**
 * A format in which another trainer reads samples. Paths of videos are written as the samples have them, that is,
 * relative to the file's folder unless absolute.
 */
public abstract class ExportFormat {
    /**
     * The column of the whole sample, curation included, as text. Text, since the column then has one type in every
     * row: loaders that build Arrow tables refuse columns whose structure differs from row to row.
     */
    public static final String PACKED = "sample";

    /**
     * What was written.
     *
     * @param samples how many
     * @param files in the order they were written
     * @param leftOut ids of samples that the format can't state, by the reason
     * @param cautions ids of samples that a trainer of the format will not read as they are meant, by the reason
     */
    public record Export(
            int samples, List<Path> files, Map<String, List<String>> leftOut, Map<String, List<String>> cautions) {
        public Export {
            files = List.copyOf(files);
            leftOut = Map.copyOf(leftOut);
            cautions = Map.copyOf(cautions);
        }
    }

    private final String name;
    private final String label;
    private final List<String> columns;

    /**
     * @param name by which the command line knows the format
     * @param label what people call it
     * @param columns by which a row of the format is known
     */
    ExportFormat(String name, String label, String... columns) {
        this.name = name;
        this.label = label;
        this.columns = List.of(columns);
    }

    public final String name() {
        return name;
    }

    public final String label() {
        return label;
    }

    public final List<String> columns() {
        return columns;
    }

    /** The fields of a sample's row that do not depend on the prompt. */
    public abstract ObjectNode facts(Sample sample);

    /** Why the format can't state this sample; empty if it can. */
    public Optional<String> refusal(Sample sample) {
        return Optional.empty();
    }

    /** What a trainer of this format does not read of this sample; empty if it reads everything. */
    Optional<String> caution(Sample sample) {
        return Optional.empty();
    }

    /**
     * Writes samples that the format can state.
     *
     * @return the files
     * @throws InputException if the file's suffix is one that the format's loader does not read
     */
    abstract List<Path> write(List<Sample> samples, Path file);

    /**
     * Writes the samples that the format can state, and reports the others.
     *
     * @throws InputException if it can state none of the samples
     */
    public final Export export(List<Sample> samples, Path file) {
        Export preview = preview(samples);
        List<Sample> stated =
                samples.stream().filter(sample -> refusal(sample).isEmpty()).toList();
        if (stated.isEmpty()) {
            throw new InputException("none of the " + samples.size() + " samples can be written as " + name()
                    + preview.leftOut().keySet().stream()
                            .findFirst()
                            .map(reason -> ": " + reason)
                            .orElse(""));
        }
        return new Export(stated.size(), write(stated, file), preview.leftOut(), preview.cautions());
    }

    /** Returns what {@link #export} would, without writing. */
    public final Export preview(List<Sample> samples) {
        Map<String, List<String>> leftOut = new LinkedHashMap<>();
        Map<String, List<String>> cautions = new LinkedHashMap<>();
        int stated = 0;
        for (Sample sample : samples) {
            Optional<String> refusal = refusal(sample);
            Map<String, List<String>> target = refusal.isPresent() ? leftOut : cautions;
            refusal.or(() -> caution(sample))
                    .ifPresent(reason -> target.computeIfAbsent(reason, key -> new ArrayList<>())
                            .add(sample.id()));
            stated += refusal.isPresent() ? 0 : 1;
        }
        return new Export(stated, List.of(), leftOut, cautions);
    }

    /** The text of the column {@link #PACKED}. */
    public static String pack(Sample sample) {
        return Json.line(Samples.toJson(sample));
    }

    /**
     * Reads the column {@link #PACKED}.
     *
     * @throws InputException if the text is not a row of this project's jsonl
     */
    public static Sample unpack(String text) {
        String where = "\"" + PACKED + "\"";
        return Samples.parse(new Jsonl.Row(Json.parse(text, where), where));
    }

    /** Every format. */
    public static List<ExportFormat> all() {
        return List.of(
                new VideotgExport(),
                new TimeR1Export(),
                new TimeLensExport(),
                new EasyR1Export(),
                new MsSwiftExport(),
                new LlamaFactoryExport());
    }

    /** The formats that are read back from the packed sample alone; of several that fit a row the first is taken. */
    public static List<ExportFormat> packaged() {
        return List.of(new EasyR1Export(), new MsSwiftExport(), new LlamaFactoryExport());
    }

    /**
     * @throws InputException if there is none of this name
     */
    public static ExportFormat named(String name) {
        return all().stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new InputException("can't write \"" + name + "\"; known: " + String.join(", ", names())));
    }

    /** The names of all formats, as the command line takes them. */
    public static List<String> names() {
        return all().stream().map(ExportFormat::name).toList();
    }
}
