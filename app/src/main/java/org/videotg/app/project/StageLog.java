package org.videotg.app.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;

/**
 * The stages of a run that have begun, with the settings they began with, so that a run is not resumed with others.
 * They are the rows of {@code stages.jsonl}.
 */
final class StageLog implements AutoCloseable {
    private static final String FILE = "stages.jsonl";

    private final JsonlLog log;
    private final Set<String> begun;
    private final Consumer<String> messages;

    private record Row(String stage, String key, String time) {}

    private StageLog(JsonlLog log, Set<String> begun, Consumer<String> messages) {
        this.log = log;
        this.begun = begun;
        this.messages = messages;
    }

    /**
     * Opens the log of a run to write to it.
     *
     * @param begun names of the stages that have begun
     * @param messages receives the command line of each stage as it begins
     */
    static StageLog open(Path out, Set<String> begun, Consumer<String> messages) {
        return new StageLog(JsonlLog.open(out.resolve(FILE)), begun, messages);
    }

    /** Returns the rows of a run's log; what a kill has left behind the last whole one is cut off. */
    static List<Jsonl.Row> recover(Path out) {
        return JsonlLog.recover(out.resolve(FILE));
    }

    /** Returns the rows of a run's log and leaves it as it is. */
    static List<Jsonl.Row> read(Path out) {
        return Files.exists(out.resolve(FILE)) ? Jsonl.read(out.resolve(FILE)) : List.of();
    }

    /**
     * Returns the names of the stages that have begun and are not repeated.
     *
     * @param run of the project
     * @param stages of all its cells
     * @param rows of its log
     * @throws InputException if a stage began with other settings, and {@code part} does not repeat it
     */
    static Set<String> begun(ProjectRun run, Collection<Stage> stages, List<Jsonl.Row> rows, ProjectRun.Part part) {
        Map<String, String> keys = new HashMap<>();
        for (Jsonl.Row row : rows) {
            Row recorded = Json.convert(row.node(), Row.class, row.where());
            keys.put(recorded.stage(), recorded.key());
        }
        List<Stage> changed = stages.stream()
                .filter(stage -> !part.repeats(stage))
                .filter(stage -> !keys.getOrDefault(stage.name(), stage.key()).equals(stage.key()))
                .toList();
        if (!changed.isEmpty()) {
            throw new InputException(run.out() + " holds a run with other settings or another model than "
                    + run.projectFile() + " says for: "
                    + changed.stream().map(Stage::name).collect(Collectors.joining(", "))
                    + "; choose another --out, or run these again with --from "
                    + changed.stream()
                            .map(Stage::kind)
                            .min(StageKind::compareTo)
                            .orElseThrow()
                            .id());
        }
        stages.stream().filter(part::repeats).map(Stage::name).forEach(keys::remove);
        return new HashSet<>(keys.keySet());
    }

    /** Returns the stages such that each records its settings, and says its command line, before it begins. */
    List<Stage> recorded(List<Stage> stages) {
        return stages.stream()
                .map(stage -> stage.acting(() -> {
                    begin(stage);
                    stage.action().run();
                }))
                .toList();
    }

    private synchronized void begin(Stage stage) {
        if (begun.add(stage.name())) {
            log.append(new Row(stage.name(), stage.key(), Instant.now().toString()));
        }
        messages.accept(stage.name() + ": ./videotg " + CommandLines.join(stage.command()));
    }

    @Override
    public void close() {
        log.close();
    }
}
