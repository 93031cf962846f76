package org.videotg.app.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.videotg.app.project.ArmStages.Training;
import org.videotg.app.project.Schedule.Stage;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.SelectionStrategy;

/** The stages of one {@link Cell}, and which of them need which. */
record ProjectStages(StageCommands commands) {
    /** Returns the stages by name; those of cells that share a world have its stage in common. */
    Map<String, Stage> all() {
        Map<String, Stage> stages = new LinkedHashMap<>();
        DataStages data = new DataStages(commands);
        ArmStages trained = new ArmStages(commands);
        Map<String, Training> trainings = new LinkedHashMap<>();
        cell().arms().stream()
                .filter(Project.Arm::isTrained)
                .forEach(arm -> trainings.put(arm.name(), trained.training(arm)));
        Asked asked = Asked.of(
                cell().project(),
                trainings.values().stream().map(Training::recipe).toList());
        Set<String> samples = new HashSet<>();
        data.samples().forEach(stage -> samples.add(add(stages, stage)));
        if (cell().data().world() == null) {
            Optional<Training> first = trainings.values().stream().findFirst();
            first.map(trained::check)
                    .map(stage -> stage.needing(Set.copyOf(samples)))
                    .ifPresent(stage -> samples.add(add(stages, stage)));
        }
        Set<String> features = new HashSet<>();
        data.features(asked).forEach(stage -> features.add(add(stages, stage.needing(samples))));
        Map<String, String> selections = selections(stages, asked, new Before(samples, features));
        for (Project.Arm arm : cell().arms()) {
            Set<String> needs = new HashSet<>(features);
            if (arm.isTrained()) {
                Stream.ofNullable(selections.get(arm.data())).forEach(needs::add);
                Training training = trainings.get(arm.name());
                Set<String> model = Set.of(add(stages, trained.train(training).needing(needs)));
                trained.curve(training).forEach(stage -> add(stages, stage.needing(model)));
                needs = model;
            }
            String eval = add(stages, trained.eval(arm, asked).needing(needs));
            if (!cell().project().metrics().isEmpty()) {
                add(stages, trained.score(arm).needing(Set.of(eval)));
            }
        }
        return stages;
    }

    /** The stages after which there are samples, and features of their videos. */
    private record Before(Set<String> samples, Set<String> features) {}

    /** Adds the stages of the selections that an arm trains on; returns their names by that of the selection. */
    private Map<String, String> selections(Map<String, Stage> stages, Asked asked, Before before) {
        Map<String, String> selections = new LinkedHashMap<>();
        Set<String> asking = new HashSet<>();
        for (Map.Entry<String, SelectionSettings> entry :
                cell().project().selections().entrySet()) {
            String name = entry.getKey();
            SelectionSettings selection = entry.getValue();
            if (cell().arms().stream().noneMatch(arm -> name.equals(arm.data()))) {
                continue;
            }
            boolean asks = selection.reflects() || selection.rates();
            Stage stage = selection(name, selection, asked).needing(asks ? before.features() : before.samples());
            if (asks) {
                // Selections share the files of verdicts, which one process writes at a time.
                stage = stage.following(Set.copyOf(asking));
                asking.add(stage.name());
            }
            selections.put(name, add(stages, stage));
        }
        return selections;
    }

    private static String add(Map<String, Stage> stages, Stage stage) {
        stages.put(stage.name(), stage);
        return stage.name();
    }

    private Stage selection(String name, SelectionSettings selection, Asked asked) {
        Path settings = cell().selectionSettings(name);
        Arguments arguments = new Arguments("curate")
                .with("--data", cell().train())
                .with("--reflections", cell().reflections())
                .with("--difficulty", cell().difficulty())
                .with("--out", cell().selected(name))
                .with("--report", cell().selectionReport(name))
                .with("--seed", cell().seed())
                .with("--settings", settings);
        Project.Server server = cell().project().agents();
        if (server == null) {
            arguments.with("--model", commands.model().folder()).with("--features", cell().features());
            asked.apply(arguments);
        } else {
            arguments.with("--model", server.model()).with("--server", server.server());
            new Asked(asked.prompt(), server.video(), Optional.empty()).apply(arguments);
        }
        if (selection.strategy() instanceof SelectionStrategy.Oracle) {
            arguments.with("--truth", cell().truth());
        }
        Project project = cell().project();
        List<String> deciding = new ArrayList<>(arguments.words());
        deciding.add(Json.line(List.of(project.reflection(), project.difficulty(), selection)));
        Optional.ofNullable(cell().data().decisions())
                .filter(file -> selection.reflects())
                .map(file -> Path.of(file).toAbsolutePath())
                .ifPresent(file -> {
                    deciding.add(Sha256.of(file));
                    arguments.with("--decisions", file);
                });
        int looked = 2 * selection.poolWanted(commands.samples().train());
        double seconds = selection.reflects() || selection.rates()
                ? looked * commands.rates().agents()
                : 0;
        Stage stage = commands.own(
                StageKind.SELECT,
                " " + name,
                arguments,
                List.of(settings, cell().selected(name), cell().selectionReport(name)),
                seconds);
        return stage.keyed(commands.key(deciding))
                .progressing(() -> Math.max(
                                StageFiles.countLines(cell().difficulty()), StageFiles.countLines(cell().reflections()))
                        / (double) Math.max(1, looked))
                .acting(() -> {
                    AtomicFiles.writeString(settings, Json.pretty(agents(name)));
                    stage.action().run();
                });
    }

    /** Returns the settings of the agents and of a selection, as the project gives them. */
    private Map<String, JsonNode> agents(String selection) {
        JsonNode given = Settings.mapping(commands.launch().projectFile());
        Map<String, JsonNode> agents = new LinkedHashMap<>();
        agents.put("reflection", mapping(given.path("reflection")));
        agents.put("difficulty", mapping(given.path("difficulty")));
        agents.put("selection", mapping(given.path("selections").path(selection)));
        return agents;
    }

    private static JsonNode mapping(JsonNode node) {
        return node.isObject() ? node : Json.MAPPER.createObjectNode();
    }

    /** Returns the memory that training takes with each recipe, a line each; none before the samples are there. */
    List<String> memory() {
        return new ArmStages(commands).memory();
    }

    Cell cell() {
        return commands.cell();
    }
}
