package org.videotg.app.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.videotg.app.doctor.Installation;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.app.project.StageCommands.Counts;
import org.videotg.app.project.StageCommands.Launch;
import org.videotg.app.project.StageCommands.Model;
import org.videotg.app.report.ComparisonPage;
import org.videotg.app.report.Report;
import org.videotg.app.report.run.Comparison;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.benchmarks.annotation.AnnotationFile;
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
 * @param projectFile whose folder holds the recipes of the arms; further recipes come with the program
 * @param project with the bases that are used
 * @param out folder of the run
 * @param workers number of parallel processes
 */
public record ProjectRun(Class<?> program, Path projectFile, Project project, Path out, int workers) {
    /** The project's file in the folder of its run. */
    static final String FILE = "project.yaml";

    private static final String STAGES = "stages.jsonl";
    /** Folder of results that {@code --from} has replaced. */
    private static final String REPLACED = "replaced";

    private static final String PARTS = "workers";
    private static final String CELLS = "cells";

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    /**
     * What a run found.
     *
     * @param table a line each
     * @param page of the report
     * @param findings a sentence each
     */
    public record Results(List<String> table, Path page, List<String> findings) {}

    /** A stage's settings, recorded before the stage runs. */
    private record StageRow(String stage, String key, String time) {}

    /**
     * Runs all stages that are not done.
     *
     * @param command line, for the manifest
     * @param part of the run that is wanted
     * @param messages receives the command line of each stage as it begins, and lines of progress
     * @return the results; empty if no arm has been evaluated
     * @throws InputException if {@code out} holds a run with other settings, or a stage failed
     */
    public Optional<Results> run(List<String> command, Part part, Consumer<String> messages) {
        try (FolderLock lock = FolderLock.take(out, LOCK_TIMEOUT)) {
            RunManifest manifest = manifest(command);
            int parts = Integer.parseInt(manifest.notes().get(PARTS));
            Map<String, Model> models = models();
            Map<String, Stage> all = stages(cells(parts, models, messages));
            List<Stage> wanted = wanted(all, part);
            Set<String> begun = begun(all, JsonlLog.recover(out.resolve(STAGES)), part);
            part.from().ifPresent(from -> again(all, wanted, from, messages));
            manifest.write(out);
            AtomicFiles.writeString(out.resolve(FILE), AtomicFiles.readString(projectFile));
            try (JsonlLog log = JsonlLog.open(out.resolve(STAGES))) {
                Recorder recorder = new Recorder(log, begun, messages);
                List<Stage> conversions = wanted.stream()
                        .filter(stage -> stage.kind() == StageKind.CONVERT && !stage.done())
                        .toList();
                List<Stage> counted = wanted;
                if (!conversions.isEmpty()) {
                    // How many samples there are, and so how many steps, is known once the data is converted.
                    new Schedule(recorder.of(conversions), workers, messages).run();
                    counted = wanted(stages(cells(parts, models, messages)), part);
                }
                new Schedule(recorder.of(counted), workers, messages).run();
            }
            return results(manifest, parts, models);
        }
    }

    /**
     * Which stages are wanted.
     *
     * @param only glob over {@code DATA/seed-S/BASE/ARM}: the arms to run; {@code **} for all
     * @param from the first kind of stage that is run again; what it and all stages behind it have left, those after
     *     {@code until} included, is moved away. The stages before it must be done
     * @param until the last kind of stage that is run
     */
    public record Part(String only, Optional<StageKind> from, Optional<StageKind> until) {
        /** All stages. */
        public static final Part ALL = new Part("**", Optional.empty(), Optional.empty());

        public Part {
            if (from.isPresent() && until.isPresent() && from.get().compareTo(until.get()) > 0) {
                throw new InputException("no stage is both from " + from.get().id() + " on and up to "
                        + until.get().id());
            }
        }

        /** Whether stages of that kind may have other settings than before. */
        boolean repeats(Stage stage) {
            return from.filter(first -> stage.kind().compareTo(first) >= 0).isPresent();
        }
    }

    /**
     * Moves what the wanted stages have left out of the way, so that they run again, and what all other stages have
     * that use it: nothing made from an earlier result stays beside a later one.
     */
    private void again(Map<String, Stage> all, List<Stage> wanted, StageKind from, Consumer<String> messages) {
        List<Stage> earlier = wanted.stream()
                .filter(stage -> stage.kind().compareTo(from) < 0 && !stage.done())
                .toList();
        if (!earlier.isEmpty()) {
            throw new InputException("--from " + from.id() + " begins behind stages that are not done, such as \""
                    + earlier.get(0).name() + "\"; leave it out");
        }
        Path replaced = out.resolve(REPLACED).resolve(Instant.now().toString().replace(':', '-'));
        Set<String> repeated = wanted.stream()
                .filter(stage -> stage.kind().compareTo(from) >= 0)
                .map(Stage::name)
                .collect(Collectors.toCollection(HashSet::new));
        // A stage comes after those that it needs.
        for (Stage stage : all.values()) {
            if (stage.needs().stream().anyMatch(repeated::contains)) {
                repeated.add(stage.name());
            }
            for (Path output : repeated.contains(stage.name()) ? stage.outputs() : List.<Path>of()) {
                if (Files.exists(output)) {
                    AtomicFiles.setAside(
                            output,
                            replaced.resolve(out.toAbsolutePath().normalize().relativize(output)));
                }
            }
        }
        if (Files.exists(replaced)) {
            messages.accept("what the stages from " + from.id() + " on had left is now in " + replaced);
        }
    }

    /** Records a stage's settings and says its command line before it begins. */
    private record Recorder(JsonlLog log, Set<String> begun, Consumer<String> messages) {
        List<Stage> of(List<Stage> stages) {
            return stages.stream()
                    .map(stage -> stage.acting(() -> {
                        begin(stage);
                        stage.action().run();
                    }))
                    .toList();
        }

        private synchronized void begin(Stage stage) {
            if (begun.add(stage.name())) {
                log.append(new StageRow(stage.name(), stage.key(), Instant.now().toString()));
            }
            messages.accept(stage.name() + ": ./videotg " + CommandLines.join(stage.command()));
        }
    }

    /** Returns what the run would do and need, one line each. Changes nothing, so that it may be asked during a run. */
    public List<String> dryRun(Part part) {
        int parts = Integer.parseInt(manifest(List.of()).notes().get(PARTS));
        List<ProjectStages> cells = cells(parts, models(), line -> {});
        Map<String, Stage> all = stages(cells);
        begun(all, Files.exists(out.resolve(STAGES)) ? Jsonl.read(out.resolve(STAGES)) : List.of(), part);
        List<String> lines = new ArrayList<>(Estimate.of(project, project.cells(out), wanted(all, part), workers));
        // Other seeds need the same.
        List<String> memory = cells.stream()
                .filter(stages -> stages.cell().seed() == project.seeds().get(0))
                .flatMap(stages -> stages.memory().stream())
                .toList();
        lines.addAll(memory);
        if (memory.isEmpty() && project.arms().stream().anyMatch(Project.Arm::isTrained)) {
            lines.add("memory of the trainings: known once there are samples, after --until " + StageKind.CONVERT.id());
        }
        return lines;
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

    private List<ProjectStages> cells(int parts, Map<String, Model> models, Consumer<String> messages) {
        Launch launch = new Launch(
                program,
                projectFile.toAbsolutePath(),
                Installation.current().recipes(),
                out.toAbsolutePath().normalize(),
                parts,
                messages);
        return project.cells(out).stream()
                .map(cell -> new ProjectStages(
                        new StageCommands(launch, cell, models.get(cell.base().name()), counts(cell))))
                .toList();
    }

    private static Map<String, Stage> stages(List<ProjectStages> cells) {
        Map<String, Stage> stages = new LinkedHashMap<>();
        cells.forEach(cell -> stages.putAll(cell.all()));
        return stages;
    }

    private static Counts counts(Cell cell) {
        Project.Data data = cell.data();
        if (data.world() != null) {
            return new Counts(data.world().train(), data.world().test());
        }
        if (Files.exists(cell.train()) && Files.exists(cell.test())) {
            return new Counts(
                    Samples.read(cell.train()).size(), Samples.read(cell.test()).size());
        }
        if (data.convert() == null) {
            throw new InputException("data \"" + data.name() + "\": "
                    + (Files.exists(cell.train()) ? cell.test() : cell.train()) + " does not exist; check the path");
        }
        // Before the conversion every annotated row counts.
        int train = rows(data.train(), data.convert());
        int held = (int) Math.round(train * data.convert().holdOut());
        return data.test() == null
                ? new Counts(train - held, held)
                : new Counts(train, rows(data.test(), data.convert()));
    }

    private static int rows(String annotations, Project.Convert convert) {
        AnnotationFile.Settings settings = new AnnotationFile.Settings(
                Optional.ofNullable(convert.from()), Optional.empty(), Optional.empty(), false);
        return AnnotationFile.read(Path.of(annotations), settings).annotations().size();
    }

    /**
     * Returns the names of the stages that have begun.
     *
     * @throws InputException if one began with other settings
     */
    private Set<String> begun(Map<String, Stage> stages, List<Jsonl.Row> rows, Part part) {
        Map<String, String> keys = new HashMap<>();
        for (Jsonl.Row row : rows) {
            StageRow recorded = Json.convert(row.node(), StageRow.class, row.where());
            keys.put(recorded.stage(), recorded.key());
        }
        List<Stage> changed = stages.values().stream()
                .filter(stage -> !part.repeats(stage))
                .filter(stage -> !keys.getOrDefault(stage.name(), stage.key()).equals(stage.key()))
                .toList();
        if (!changed.isEmpty()) {
            throw new InputException(out + " holds a run with other settings or another model than " + projectFile
                    + " says for: " + changed.stream().map(Stage::name).collect(Collectors.joining(", "))
                    + "; choose another --out, or run these again with --from "
                    + changed.stream()
                            .map(Stage::kind)
                            .min(StageKind::compareTo)
                            .orElseThrow()
                            .id());
        }
        stages.values().stream().filter(part::repeats).map(Stage::name).forEach(keys::remove);
        return new HashSet<>(keys.keySet());
    }

    /** Returns the stages that belong to the arms that a glob names, and all that they need. */
    private List<Stage> wanted(Map<String, Stage> stages, Part part) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part.only());
        Set<String> names = new LinkedHashSet<>();
        for (Cell cell : project.cells(out)) {
            for (Project.Arm arm : cell.arms()) {
                if (matcher.matches(Path.of(cell.name(), arm.name()))) {
                    need(cell.stage(StageKind.EVAL.id() + " " + arm.name()), stages, names);
                    String score = cell.stage(StageKind.SCORE.id() + " " + arm.name());
                    String curve = cell.stage(StageKind.CURVE.id() + " " + arm.name() + " ");
                    stages.keySet().stream()
                            .filter(name -> name.equals(score) || name.startsWith(curve))
                            .forEach(name -> need(name, stages, names));
                }
            }
        }
        if (names.isEmpty()) {
            throw new InputException("--only " + part.only()
                    + " names no arm; arms are called DATA/seed-S/BASE/ARM, such as "
                    + project.cells(out).get(0).name() + "/"
                    + project.arms().get(0).name());
        }
        List<Stage> named = stages.values().stream()
                .filter(stage -> names.contains(stage.name()))
                .toList();
        return part.until().map(last -> upTo(named, last)).orElse(named);
    }

    private static List<Stage> upTo(List<Stage> stages, StageKind last) {
        return stages.stream()
                .filter(stage -> stage.kind().compareTo(last) <= 0)
                .toList();
    }

    private static void need(String name, Map<String, Stage> stages, Set<String> names) {
        if (names.add(name)) {
            stages.get(name).needs().forEach(needed -> need(needed, stages, names));
        }
    }

    private Optional<Results> results(RunManifest manifest, int shares, Map<String, Model> models) {
        List<Comparison.Cell> cells = new ArrayList<>();
        List<String> reported = new ArrayList<>();
        Map<String, List<JsonNode>> scores = new LinkedHashMap<>();
        RunManifest complete = manifest;
        Path page = null;
        List<String> findings = new ArrayList<>();
        for (Cell cell : project.cells(out)) {
            List<Project.Arm> arms = cell.arms().stream()
                    .filter(arm -> Files.exists(cell.eval(arm).resolve(EvaluationMetrics.FILE)))
                    .toList();
            if (Files.exists(cell.train()) && Files.exists(cell.test())) {
                complete = complete.withData(List.of(cell.train(), cell.test()));
                complete.write(out);
            }
            if (arms.isEmpty()) {
                continue;
            }
            AtomicFiles.writeString(
                    cell.armRows(),
                    Json.pretty(arms.stream()
                            .map(arm -> ArmRow.of(cell, arm, shares))
                            .toList()));
            complete = identified(
                    complete,
                    cell.base(),
                    models.get(cell.base().name()),
                    EvaluationMetrics.read(cell.eval(arms.get(0))));
            complete.write(out);
            RunParts parts = RunReader.read(cell.folder());
            page = Report.write(cell.folder(), parts);
            findings.add(Report.result(parts));
            arms.stream()
                    .filter(arm -> Files.exists(cell.scores(arm)))
                    .forEach(arm -> scores.put(
                            cell.name() + "/" + arm.name(),
                            Jsonl.read(cell.scores(arm)).stream()
                                    .map(Jsonl.Row::node)
                                    .toList()));
            cells.add(new Comparison.Cell(
                    cell.data().name(), cell.seed(), cell.base().name(), parts.arms()));
            reported.add(cell.name());
        }
        if (cells.isEmpty()) {
            return Optional.empty();
        }
        ResultFiles.write(
                out,
                cells,
                (cell, arm) -> scores.getOrDefault(
                        cell.data() + "/seed-" + cell.seed() + "/" + cell.base() + "/" + arm.name(), List.of()));
        List<Comparison> comparisons = project.isSingle() ? List.of() : Comparison.of(cells);
        List<String> table = new ArrayList<>(
                project.isSingle() ? ResultTable.ofCell(cells.get(0).arms()) : ResultTable.of(comparisons));
        scores.forEach((name, rows) -> table.addAll(
                ResultTable.scores(project.isSingle() ? name.substring(name.lastIndexOf('/') + 1) : name, rows)));
        return Optional.of(
                project.isSingle()
                        ? new Results(table, page, findings)
                        : new Results(
                                table,
                                ComparisonPage.write(out, comparisons, reported),
                                ComparisonPage.results(comparisons)));
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
