package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.benchmarks.export.PackedSample;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;

/**
 * A format of another trainer, as this project writes it. It keeps no durations, so each row carries its whole sample; rows from
 * elsewhere can't be read.
 *
 * @param export the format
 */
record ExportedFormat(ExportFormat export) implements AnnotationFormat {
    @Override
    public String name() {
        return export.name();
    }

    @Override
    public String label() {
        return export.label() + ", as this project writes it";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has(PackedSample.FIELD) && row.has(export.columns().toArray(String[]::new));
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> unpack(export, row));
    }

    static Annotation unpack(ExportFormat export, Row row) {
        return unpack(export, row, row);
    }

    /**
     * The sample that a row carries, if the row still says the same.
     *
     * @param row what the export's columns are compared with
     * @param carrier the part of the row that carries the sample
     */
    static Annotation unpack(ExportFormat export, Row row, Row carrier) {
        JsonNode packed = carrier.node().path(PackedSample.FIELD);
        if (!packed.isTextual()) {
            throw new Row.Problem("has no \"" + PackedSample.FIELD + "\": only files that videotg wrote can be read as "
                    + export.name());
        }
        Sample sample;
        try {
            sample = PackedSample.unpack(packed.asText());
        } catch (InputException e) {
            throw new Row.Problem(e.getMessage());
        }
        export.refusal(sample).ifPresent(reason -> {
            throw new Row.Problem("its \"" + PackedSample.FIELD + "\" can't be of this format: " + reason);
        });
        ObjectNode expected = export.facts(sample);
        for (Map.Entry<String, JsonNode> fact : expected.properties()) {
            JsonNode found = carrier.has(fact.getKey())
                    ? carrier.node().path(fact.getKey())
                    : row.node().path(fact.getKey());
            if (!fact.getValue().equals(ExportedFormat::compare, found)) {
                throw new Row.Problem("its \"" + fact.getKey() + "\" is no longer that of its \"" + PackedSample.FIELD
                        + "\": " + Row.shown(found) + " for " + Row.shown(fact.getValue())
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
