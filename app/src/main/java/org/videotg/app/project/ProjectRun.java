package org.videotg.app.project;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.videotg.app.project.Schedule.Stage;
import org.videotg.app.project.StageCommands.Counts;
import org.videotg.app.project.StageCommands.Launch;
import org.videotg.app.project.StageCommands.Model;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
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
     * @param warnings about files of the run that are damaged or missing, as the reports have them
     */
    public record Results(List<String> table, Path page, List<String> findings, List<String> warnings) {}

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
            Map<String, Model> models = models(part, messages);
            Map<String, Stage> all = stages(cells(parts, models, messages));
            List<Stage> wanted = wanted(all, part);
            Set<String> begun = StageLog.begun(this, all.values(), StageLog.recover(out), part);
            part.from().ifPresent(from -> again(all, wanted, from, messages));
            manifest.write(out);
            AtomicFiles.writeString(out.resolve(FILE), AtomicFiles.readString(projectFile));
            try (StageLog log = StageLog.open(out, begun, messages)) {
                List<Stage> conversions = wanted.stream()
                        .filter(stage -> stage.kind() == StageKind.CONVERT && !stage.done())
                        .toList();
                List<Stage> counted = wanted;
                if (!conversions.isEmpty()) {
                    // How many samples there are, and so how many steps, is known once the data is converted.
                    new Schedule(log.recorded(conversions), workers, messages).run();
                    counted = wanted(stages(cells(parts, models, messages)), part);
                }
                new Schedule(log.recorded(counted), workers, messages).run();
            }
            return new ProjectResults(project, out, models, parts).write(manifest);
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

        /** Whether an arm is one of those to run. */
        boolean names(Cell cell, Project.Arm arm) {
            return FileSystems.getDefault().getPathMatcher("glob:" + only).matches(Path.of(cell.name(), arm.name()));
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

    /** Returns what the run would do and need, one line each. Changes nothing, so that it may be asked during a run. */
    public List<String> dryRun(Part part) {
        int parts = Integer.parseInt(manifest(List.of()).notes().get(PARTS));
        List<ProjectStages> cells = cells(parts, models(part, line -> {}), line -> {});
        Map<String, Stage> all = stages(cells);
        StageLog.begun(this, all.values(), StageLog.read(out), part);
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

    /**
     * Returns the models by the names of their bases. One that is not in a folder is left out if none of its arms is
     * run; stages that are run again need all, since those of other bases may use what they make.
     */
    private Map<String, Model> models(Part part, Consumer<String> messages) {
        Set<String> needed = part.from().isPresent()
                ? project.bases().stream().map(Project.Base::name).collect(Collectors.toSet())
                : project.cells(out).stream()
                        .filter(cell -> cell.arms().stream().anyMatch(arm -> part.names(cell, arm)))
                        .map(cell -> cell.base().name())
                        .collect(Collectors.toSet());
        Map<String, Model> models = new HashMap<>();
        for (Project.Base base : project.bases()) {
            if (!needed.contains(base.name()) && !Files.isDirectory(Path.of(base.model()))) {
                messages.accept("what is there of base \"" + base.name() + "\" is not checked: none of its arms is run,"
                        + " and " + base.model() + " is not a folder");
                continue;
            }
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
                .filter(cell -> models.containsKey(cell.base().name()))
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
        DataSet data = cell.data();
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

    private static int rows(String annotations, DataSet.Convert convert) {
        AnnotationFile.Settings settings = new AnnotationFile.Settings(
                Optional.ofNullable(convert.from()), Optional.empty(), Optional.empty(), false);
        return AnnotationFile.read(Path.of(annotations), settings).annotations().size();
    }

    /** Returns the stages that belong to the arms that a glob names, and all that they need. */
    private List<Stage> wanted(Map<String, Stage> stages, Part part) {
        Set<String> names = new LinkedHashSet<>();
        for (Cell cell : project.cells(out)) {
            for (Project.Arm arm : cell.arms()) {
                if (part.names(cell, arm)) {
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
}
