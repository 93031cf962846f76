package org.videotg.method.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Part;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** Joins verdict files of one agent, each made on a {@link Part} of a data set, into the file that one process makes. */
public final class VerdictParts {
    private VerdictParts() {}

    /** What verdicts of every agent have. */
    private record Row(
            String id,
            String sample,
            JsonNode settings,
            @JsonProperty("usage") Cost cost,
            String error) {}

    /**
     * Writes the verdicts of all parts in the order of the data.
     *
     * @param out not written if anything is wrong
     * @throws InputException naming what is missing, there twice or foreign to the data, or which setting of which part
     *     differs
     */
    public static AgentRun.Summary merge(Path dataFile, List<Path> parts, Path out) {
        List<Sample> samples = Samples.read(dataFile);
        Map<String, Sample> byId = samples.stream().collect(Collectors.toMap(Sample::id, Function.identity()));
        Map<String, JsonNode> nodes = new HashMap<>();
        List<Part.Done> done = new ArrayList<>();
        JsonNode first = null;
        Cost cost = Cost.NONE;
        int failed = 0;
        for (Path part : parts) {
            List<String> ids = new ArrayList<>();
            for (Jsonl.Row stored : Jsonl.read(part)) {
                Row row = Json.convert(stored.node(), Row.class, stored.where());
                if (row.id() == null || row.settings() == null) {
                    throw new InputException(
                            stored.where() + ": is no verdict of reflect or difficulty; give their files");
                }
                first = first == null ? stored.node() : first;
                requireSame(first, stored.node(), stored.where());
                requireMadeOn(byId.get(row.id()), row, stored.where(), dataFile);
                ids.add(row.id());
                nodes.put(row.id(), stored.node());
                cost = cost.plus(row.cost() == null ? Cost.NONE : row.cost());
                failed += row.error() == null ? 0 : 1;
            }
            done.add(new Part.Done(part, ids));
        }
        Part.requireEachOnce(dataFile, samples, done);
        JsonlLog.write(
                out, samples.stream().map(sample -> nodes.get(sample.id())).toList());
        return new AgentRun.Summary(samples.size(), 0, failed, cost);
    }

    private static void requireMadeOn(Sample sample, Row row, String where, Path dataFile) {
        if (sample != null && !Verdict.fingerprint(sample).equals(row.sample())) {
            throw new InputException(where + ": sample \"" + row.id() + "\" is another one in " + dataFile
                    + "; give the data file from which the parts were made");
        }
    }

    /**
     * Checks that two verdicts, as rows of a file, were made by the same model with the same settings.
     *
     * @param where the place of the second one
     * @throws InputException naming what differs
     */
    public static void requireSame(JsonNode first, JsonNode second, String where) {
        for (String what : List.of("settings", "model")) {
            AgentRun.difference(first.path(what), second.path(what)).ifPresent(name -> {
                throw new InputException(where + ": made with " + what + " \"" + name + "\" "
                        + second.path(what).get(name) + ", the first one with "
                        + first.path(what).get(name) + "; make all with the same " + what);
            });
        }
    }
}
