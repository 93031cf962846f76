package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;

/**
 * A format of another trainer, as this project writes it: each row carries its whole sample. Rows from elsewhere can't
 * be read.
 */
final class ExportedFormat extends AnnotationFormat {
    private final ExportFormat export;

    ExportedFormat(ExportFormat export) {
        super(
                export.name(),
                export.label() + ", as this project writes it",
                FileRows.Shape.RECORDS,
                export.columns().toArray(String[]::new));
        this.export = export;
    }

    @Override
    boolean recognises(FileRow row) {
        return row.has(ExportFormat.PACKED) && super.recognises(row);
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> unpack(export, row, row));
    }

    /**
     * Returns the sample that a row carries, if the row still agrees with it.
     *
     * @param row what the export's columns are compared with
     * @param carrier the part of the row that carries the sample
     */
    static Annotation unpack(ExportFormat export, FileRow row, FileRow carrier) {
        JsonNode packed = carrier.node().path(ExportFormat.PACKED);
        if (!packed.isTextual()) {
            throw new FileRow.Problem("has no \"" + ExportFormat.PACKED
                    + "\": only files that videotg wrote can be read as " + export.name());
        }
        Sample sample;
        try {
            sample = ExportFormat.unpack(packed.asText());
        } catch (InputException e) {
            throw new FileRow.Problem(e.getMessage());
        }
        export.refusal(sample).ifPresent(reason -> {
            throw new FileRow.Problem("its \"" + ExportFormat.PACKED + "\" can't be of this format: " + reason);
        });
        ObjectNode expected = export.facts(sample);
        for (Map.Entry<String, JsonNode> fact : expected.properties()) {
            JsonNode found = carrier.has(fact.getKey())
                    ? carrier.node().path(fact.getKey())
                    : row.node().path(fact.getKey());
            if (!fact.getValue().equals(ExportedFormat::compare, found)) {
                throw new FileRow.Problem("its \"" + fact.getKey() + "\" is not that of its \"" + ExportFormat.PACKED
                        + "\": " + FileRow.shown(found) + " for " + FileRow.shown(fact.getValue())
                        + "; change both, or neither");
            }
        }
        return Annotation.of(sample);
    }

    /** Numbers are the same if their values are, 31 and 31.0. */
    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return Double.compare(a.asDouble(), b.asDouble());
        }
        return a.equals(b) ? 0 : 1;
    }
}
