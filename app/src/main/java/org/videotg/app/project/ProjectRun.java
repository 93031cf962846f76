package org.videotg.app.project;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.project.ProjectStages.Counts;
import org.videotg.app.project.ProjectStages.Launch;
import org.videotg.app.project.ProjectStages.Model;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.app.report.ComparisonPage;
import org.videotg.app.report.Report;
import org.videotg.app.report.run.Comparison;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Samples;
import org.videotg.models.generate.LocalModel;

/**
 * Runs a project: all stages of all its cells, in child processes. A stopped run is resumed, and a project that has
 * grown adds what is new.
 *
 * @param program main class of the child processes
 * @param projectFile whose folder holds the recipes of the arms
 * @param project with the bases that are used
 * @param out folder of the run
 * @param workers number of parallel processes
 */
public record ProjectRun(Class<?> program, Path projectFile, Project project, Path out, int workers) {
    /** The project's file in the folder of its run. */
    static final String FILE = "project.yaml";

    private static final String STAGES = "stages.jsonl";
    private static final String PARTS = "workers";
    private static final String CELLS = "cells";

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    /** A table, one line each, and the page of the report. */
    public record Results(List<String> table, Path page) {}

    /** A stage's settings, recorded before the stage runs. */
    private record StageRow(String stage, String key, String time) {}

    /**
     * Runs all stages that are not done.
     *
     * @param command line, for the manifest
     * @param only glob over {@code DATA/seed-S/BASE/ARM}: the arms to run; {@code **} for all
     * @param messages receives lines of progress
     * @throws InputException if {@code out} holds a run with other settings, or a stage failed
     */
    public Results run(List<String> command, String only, Consumer<String> messages) {
        try (FolderLock lock = FolderLock.take(out, LOCK_TIMEOUT)) {
            RunManifest manifest = manifest(command);
            int parts = Integer.parseInt(manifest.notes().get(PARTS));
            Map<String, Model> models = models();
            Map<String, Stage> all = stages(parts, models);
            Set<String> begun = begun(all, JsonlLog.recover(out.resolve(STAGES)));
            manifest.write(out);
            AtomicFiles.writeString(out.resolve(FILE), AtomicFiles.readString(projectFile));
            try (JsonlLog log = JsonlLog.open(out.resolve(STAGES))) {
                List<Stage> wanted = wanted(all, only).stream()
                        .map(stage -> begun.contains(stage.name()) ? stage : recording(stage, log))
                        .toList();
                new Schedule(wanted, workers, messages).run();
            }
            return results(manifest, parts, models);
        }
    }

    /** Returns what the run would do and need, one line each. Changes nothing, so that it may be asked during a run. */
    public List<String> dryRun(String only) {
        int parts = Integer.parseInt(manifest(List.of()).notes().get(PARTS));
        Map<String, Stage> all = stages(parts, models());
        begun(all, Files.exists(out.resolve(STAGES)) ? Jsonl.read(out.resolve(STAGES)) : List.of());
        return Estimate.of(project, project.cells(out), wanted(all, only), workers);
    }

    /** Several cells share the cores; the only one's videos are encoded in parts. */
    private int defaultParts() {
        return project.isSingle() ? workers : 1;
    }

    /** Returns the manifest of a new run, or that of the run to resume. */
    private RunManifest manifest(List<String> command) {
        String cells = project.isSingle() ? "one" : "many";
        if (!Files.exists(out.resolve(RunManifest.FILE))) {
            RunManifest begun = RunManifest.start(command, Instant.now())
                    .withRecipe(Json.MAPPER.valueToTree(project), seeds())
                    .withNote(PARTS, String.valueOf(defaultParts()))
                    .withNote(CELLS, cells);
            return project.data().stream().allMatch(set -> set.world() == null)
                    ? begun
                    : begun.withNote("planted truth", "truth.jsonl of a world is read by reports alone");
        }
        RunManifest found = RunManifest.read(out);
        if (!found.notes().containsKey(PARTS) || !found.notes().containsKey(CELLS)) {
            throw new InputException(out + " holds another kind of run; choose another --out");
        }
        if (!found.notes().get(CELLS).equals(cells)) {
            throw new InputException(out + " holds a run with another number of data sets, seeds or bases ("
                    + found.notes().get(CELLS) + "); choose another --out");
        }
        return found.withRecipe(Json.MAPPER.valueToTree(project), seeds());
    }

    private Map<String, Long> seeds() {
        Map<String, Long> seeds = new LinkedHashMap<>();
        project.seeds().forEach(seed -> seeds.put("project " + seed, seed));
        return seeds;
    }

    private Map<String, Model> models() {
        Map<String, Model> models = new HashMap<>();
        for (Project.Base base : project.bases()) {
            LocalModel model = LocalModel.of(base.model());
            models.put(base.name(), new Model(model.path().toAbsolutePath().normalize(), model.fingerprint()));
        }
        return models;
    }

    private Map<String, Stage> stages(int parts, Map<String, Model> models) {
        Launch launch = new Launch(
                program, projectFile.toAbsolutePath(), out.toAbsolutePath().normalize(), parts);
        Map<String, Stage> stages = new LinkedHashMap<>();
        for (Cell cell : project.cells(out)) {
            stages.putAll(new ProjectStages(launch, cell, models.get(cell.base().name()), counts(cell)).all());
        }
        return stages;
    }

    private static Counts counts(Cell cell) {
        Project.World world = cell.data().world();
        return world == null
                ? new Counts(
                        Samples.read(cell.train()).size(),
                        Samples.read(cell.test()).size())
                : new Counts(world.train(), world.test());
    }

    /**
     * Returns the names of the stages that have begun.
     *
     * @throws InputException if one began with other settings
     */
    private Set<String> begun(Map<String, Stage> stages, List<Jsonl.Row> rows) {
        Map<String, String> keys = new HashMap<>();
        for (Jsonl.Row row : rows) {
            StageRow recorded = Json.convert(row.node(), StageRow.class, row.where());
            keys.put(recorded.stage(), recorded.key());
        }
        List<String> changed = stages.values().stream()
                .filter(stage -> !keys.getOrDefault(stage.name(), stage.key()).equals(stage.key()))
                .map(Stage::name)
                .toList();
        if (!changed.isEmpty()) {
            throw new InputException(out + " holds a run with other settings or another model than " + projectFile
                    + " says for: " + String.join(", ", changed) + "; choose another --out");
        }
        return keys.keySet();
    }

    private static Stage recording(Stage stage, JsonlLog log) {
        return stage.acting(() -> {
            synchronized (log) {
                log.append(new StageRow(stage.name(), stage.key(), Instant.now().toString()));
            }
            stage.action().run();
        });
    }

    /** Returns the evaluations that a glob names, and all stages that they need. */
    private List<Stage> wanted(Map<String, Stage> stages, String only) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + only);
        Set<String> names = new LinkedHashSet<>();
        for (Cell cell : project.cells(out)) {
            for (Project.Arm arm : cell.arms()) {
                if (matcher.matches(Path.of(cell.name(), arm.name()))) {
                    need(cell.stage("eval " + arm.name()), stages, names);
                    stages.keySet().stream()
                            .filter(name -> name.startsWith(cell.stage("curve " + arm.name() + " ")))
                            .forEach(name -> need(name, stages, names));
                }
            }
        }
        if (names.isEmpty()) {
            throw new InputException("--only " + only + " names no arm; arms are called DATA/seed-S/BASE/ARM, such as "
                    + project.cells(out).get(0).name() + "/"
                    + project.arms().get(0).name());
        }
        return stages.values().stream()
                .filter(stage -> names.contains(stage.name()))
                .toList();
    }

    private static void need(String name, Map<String, Stage> stages, Set<String> names) {
        if (names.add(name)) {
            stages.get(name).needs().forEach(needed -> need(needed, stages, names));
        }
    }

    private Results results(RunManifest manifest, int shares, Map<String, Model> models) {
        List<Comparison.Cell> cells = new ArrayList<>();
        List<String> reported = new ArrayList<>();
        RunManifest complete = manifest;
        Path page = null;
        for (Cell cell : project.cells(out)) {
            List<Project.Arm> arms = cell.arms().stream()
                    .filter(arm -> Files.exists(cell.eval(arm).resolve(EvaluationMetrics.FILE)))
                    .toList();
            if (arms.isEmpty()) {
                continue;
            }
            AtomicFiles.writeString(
                    cell.armRows(),
                    Json.pretty(arms.stream()
                            .map(arm -> ArmRow.of(cell, arm, shares))
                            .toList()));
            complete = complete.withData(List.of(cell.train(), cell.test()));
            complete = identified(
                    complete,
                    cell.base(),
                    models.get(cell.base().name()),
                    EvaluationMetrics.read(cell.eval(arms.get(0))));
            complete.write(out);
            RunParts parts = RunReader.read(cell.folder());
            page = Report.write(cell.folder(), parts);
            cells.add(new Comparison.Cell(
                    cell.data().name(), cell.seed(), cell.base().name(), parts.arms()));
            reported.add(cell.name());
        }
        ResultFiles.write(out, cells);
        if (project.isSingle()) {
            return new Results(ResultTable.ofCell(cells.get(0).arms()), page);
        }
        List<Comparison> comparisons = Comparison.of(cells);
        return new Results(ResultTable.of(comparisons), ComparisonPage.write(out, comparisons, reported));
    }

    /** Names the base; if there are several, in a note each, since each evaluation has a manifest of its own. */
    private RunManifest identified(RunManifest manifest, Project.Base base, Model model, EvaluationMetrics metrics) {
        if (project.bases().size() > 1) {
            return manifest.withNote("base " + base.name(), model.folder() + ", weights " + model.fingerprint());
        }
        ModelIdentity evaluated = metrics.model();
        ModelIdentity identity = new ModelIdentity(
                model.folder().toString(),
                evaluated.architecture(),
                model.fingerprint(),
                evaluated.preprocessing(),
                evaluated.compute());
        return manifest.withModel(
                identity, PromptTemplate.named(metrics.prompt()), metrics.fps(), metrics.pixelBudget());
    }
}
