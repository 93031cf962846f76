package org.videotg.method.agent;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;

/** Files of verdicts, one a line. */
public final class Verdicts {
    private Verdicts() {}

    /**
     * Reads a verdict file.
     *
     * @return verdicts by id, in the order of the file
     * @throws InputException naming file and line of a bad row, or an id that stands twice
     */
    public static <V extends Verdict> Map<String, V> read(Path file, Class<V> type) {
        return byId(Jsonl.read(file), type);
    }

    /** Verdicts by id from rows that were read already. */
    public static <V extends Verdict> Map<String, V> byId(List<Jsonl.Row> rows, Class<V> type) {
        Map<String, V> verdicts = new LinkedHashMap<>();
        for (Jsonl.Row row : rows) {
            V verdict = Json.convert(row.node(), type, row.where());
            if (verdicts.put(verdict.id(), verdict) != null) {
                throw new InputException(row.where() + ": id \"" + verdict.id()
                        + "\" stands twice; a sample has one verdict: delete one of the lines");
            }
        }
        return Collections.unmodifiableMap(verdicts);
    }
}
