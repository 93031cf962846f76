package org.videotg.method.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.io.OutputException;
import org.videotg.core.mllm.VideoNotes;
import org.videotg.core.run.Cost;
import org.videotg.core.run.InFlight;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;

/**
 * An agent's verdicts in a file. Each is appended as it is made; reopening the file goes on with the samples that have
 * no verdict, and no sample is asked about twice. Several threads may judge at the same time, each another sample.
 * Closing it forces every row to disk.
 */
public final class AgentRun<V extends Verdict> implements AutoCloseable {
    /** SHA-256; servers of others say something else of their weights. */
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    private final Agent<V> agent;
    private final JsonlLog log;
    private final Path dataFile;
    private final Map<String, Sample> data;
    private final Consumer<String> warnings;
    private final VideoNotes notes;
    private final Map<String, V> verdicts;
    private int earlier;

    private AgentRun(
            Agent<V> agent,
            JsonlLog log,
            Path dataFile,
            Map<String, Sample> data,
            Consumer<String> warnings,
            Map<String, V> found) {
        this.agent = agent;
        this.log = log;
        this.dataFile = dataFile;
        this.data = data;
        this.warnings = warnings;
        this.notes = new VideoNotes(warnings);
        this.verdicts = new LinkedHashMap<>(found);
        this.earlier = found.size();
    }

    /**
     * What an agent has done.
     *
     * @param samples judged in all, by earlier runs too
     * @param judged by this run
     * @param failed could not be judged
     * @param cost of all of them
     */
    public record Summary(
            int samples,
            int judged,
            int failed,
            @JsonProperty("usage") Cost cost) {}

    /**
     * Reads a verdict file.
     *
     * @return verdicts by sample id, in the order of the file
     * @throws InputException naming file and line of a bad row, or a duplicate id
     */
    public static <V extends Verdict> Map<String, V> read(Path file, Class<V> type) {
        Map<String, V> verdicts = new LinkedHashMap<>();
        Jsonl.forEach(file, row -> add(verdicts, row, type));
        return Collections.unmodifiableMap(verdicts);
    }

    /**
     * Reads a verdict file in which something must be.
     *
     * @param command that makes it
     * @throws InputException as {@link #read}, or if it holds no verdict
     */
    public static <V extends Verdict> Map<String, V> readSome(Path file, Class<V> type, String command) {
        Map<String, V> verdicts = read(file, type);
        if (verdicts.isEmpty()) {
            throw new InputException(file + " holds no verdict; run ./videotg " + command + " first");
        }
        return verdicts;
    }

    private static <V extends Verdict> void add(Map<String, V> verdicts, Jsonl.Row row, Class<V> type) {
        V verdict = Json.convert(row.node(), type, row.where());
        if (verdicts.put(verdict.id(), verdict) != null) {
            throw new InputException(
                    row.where() + ": id \"" + verdict.id() + "\" is there twice; delete one of the lines");
        }
    }

    /**
     * Opens a new file, or one that an earlier run of the same agent has begun. A half-written last line is cut off.
     *
     * @param dataFile to which the samples' videos are relative
     * @param data every sample that may be judged
     * @param warnings takes one line for every sample that could not be judged, and every note on a video
     * @throws InputException saying what differs, if the file was made with other settings, by another model or on
     *     other data; or if the agent can't ask about one of the samples at all
     */
    public static <V extends Verdict> AgentRun<V> open(
            Agent<V> agent, Path file, Path dataFile, List<Sample> data, Consumer<String> warnings) {
        data.forEach(agent::checkQuestion);
        JsonlLog log = JsonlLog.open(file);
        List<Jsonl.Row> rows = log.rows();
        Map<String, V> found = new LinkedHashMap<>();
        rows.forEach(row -> add(found, row, agent.verdictType()));
        Map<String, Sample> samples = new LinkedHashMap<>();
        data.forEach(sample -> samples.put(sample.id(), sample));
        int row = 0;
        for (V verdict : found.values()) {
            String where = rows.get(row++).where();
            check(where, "settings", agent.settings(), verdict.settings());
            check(where, "model", Json.MAPPER.valueToTree(agent.model()), Json.MAPPER.valueToTree(verdict.model()));
            Sample sample = samples.get(verdict.id());
            if (sample == null || !Verdict.fingerprint(sample).equals(verdict.sample())) {
                throw new InputException(where + ": sample \"" + verdict.id() + "\" is "
                        + (sample == null ? "not in " : "another one in ") + dataFile
                        + "; use the data file that these verdicts were made from, or give another output file");
            }
        }
        AgentRun<V> run = new AgentRun<>(agent, log, dataFile, samples, warnings, found);
        rows.forEach(stored -> run.notes.stored(stored.node().path("id").asText(), stored.node()));
        return run;
    }

    /**
     * The verdict on this sample: the stored one, or a new one, which is stored.
     *
     * @throws org.videotg.core.mllm.UnavailableException if the model can't answer at all
     * @throws InputException if the video has been removed since it was checked, or if something can't be written
     */
    public V judge(Sample sample) {
        Optional<V> stored = verdict(sample);
        if (stored.isPresent()) {
            return stored.get();
        }
        Cost.Meter meter = Cost.meter();
        VideoRef video = Samples.video(dataFile, sample);
        try {
            V verdict = agent.judge(sample, video);
            return store(verdict, agent.mllm.notes(video));
        } catch (OutputException e) {
            throw e;
        } catch (InputException e) {
            VideoCheck.requireStill(video);
            V failure = agent.failure(sample, meter.cost(0), e.getMessage());
            return store(failure, List.of());
        }
    }

    private synchronized V store(V verdict, List<String> noted) {
        if (verdict.failed()) {
            warnings.accept("sample \"" + verdict.id() + "\": " + verdict.error());
        }
        notes.add(verdict.id(), noted);
        log.append(notes.row(verdict.id(), verdict));
        verdicts.put(verdict.id(), verdict);
        return verdict;
    }

    /** Returns the stored verdict on a sample. */
    public synchronized Optional<V> verdict(Sample sample) {
        return Optional.ofNullable(verdicts.get(sample.id()));
    }

    /**
     * Writes down that samples can't be judged, unless they have a verdict; so they stay left out when the run goes on,
     * whatever becomes of their videos.
     *
     * @param unusable reason by id ({@link VideoCheck#decide})
     */
    public synchronized void skip(Map<String, String> unusable) {
        unusable.forEach((id, reason) -> {
            if (!verdicts.containsKey(id)) {
                V verdict = agent.failure(data.get(id), Cost.NONE, reason);
                log.append(notes.row(id, verdict));
                verdicts.put(id, verdict);
            }
        });
    }

    /**
     * Judges every sample that has no verdict yet. Verdicts are stored as they come; at the end the file is put in
     * order.
     *
     * @param samples in the order in which the questions are asked
     * @param parallel samples in flight
     */
    public Summary judgeAll(List<Sample> samples, int parallel, Progress progress) {
        List<Sample> left = new ArrayList<>();
        for (Sample sample : samples) {
            if (verdict(sample).isPresent()) {
                progress.skip();
            } else {
                left.add(sample);
            }
        }
        InFlight.forEach(parallel, left.iterator(), this::judge, verdict -> progress.step(verdict.id()));
        sort();
        Summary summary = summary();
        progress.finish(summary.failed() == 0 ? "" : summary.failed() + " could not be judged");
        notes.count();
        return summary;
    }

    /** Puts the rows in the order of the data, so that a finished file does not tell which answer came first. */
    public synchronized void sort() {
        List<String> order =
                data.keySet().stream().filter(verdicts::containsKey).toList();
        if (!order.equals(List.copyOf(verdicts.keySet()))) {
            Map<String, V> unordered = Map.copyOf(verdicts);
            verdicts.clear();
            order.forEach(id -> verdicts.put(id, unordered.get(id)));
            rewrite();
        }
    }

    private void rewrite() {
        log.rewrite(verdicts.values().stream()
                .map(verdict -> notes.row(verdict.id(), verdict))
                .toList());
    }

    /**
     * Deletes the failed verdicts from the file, so that their samples are judged again.
     *
     * @return how many
     */
    public synchronized int removeFailures() {
        int before = verdicts.size();
        if (verdicts.values().removeIf(Verdict::failed)) {
            rewrite();
        }
        earlier = verdicts.size();
        return before - earlier;
    }

    /** All verdicts by sample id, stored and new; not to be read while samples are judged. */
    public Map<String, V> verdicts() {
        return Collections.unmodifiableMap(verdicts);
    }

    /** Returns the counts and the total cost of the verdicts in the file, earlier runs included. */
    public synchronized Summary summary() {
        int failed = (int) verdicts.values().stream().filter(Verdict::failed).count();
        Cost cost = verdicts.values().stream().map(Verdict::cost).reduce(Cost.NONE, Cost::plus);
        return new Summary(verdicts.size(), verdicts.size() - earlier, failed, cost);
    }

    @Override
    public synchronized void close() {
        log.close();
    }

    private static void check(String where, String what, JsonNode now, JsonNode then) {
        if (then == null || !then.isObject()) {
            throw new InputException(where + ": the verdict does not say its " + what
                    + ", so this run can't go on with it; give another output file");
        }
        difference(now, then).ifPresent(name -> {
            throw new InputException(where + ": made with " + what + " \"" + name + "\" " + then.get(name)
                    + ", this run has " + now.get(name) + "; use the same " + what + " or give another output file");
        });
    }

    /**
     * Returns the first name, in their order, with another value. Where a model lies does not matter if the fingerprints
     * of its weights agree.
     */
    static Optional<String> difference(JsonNode one, JsonNode other) {
        TreeSet<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        String weights = one.path("weights").asText();
        if (FINGERPRINT.matcher(weights).matches()
                && weights.equals(other.path("weights").asText())) {
            names.remove("name");
        }
        return names.stream()
                .filter(name -> !Objects.equals(one.get(name), other.get(name)))
                .findFirst();
    }
}
