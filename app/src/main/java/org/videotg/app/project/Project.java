package org.videotg.app.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.app.report.run.Arm.Role;
import org.videotg.benchmarks.profile.MetricProfile;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.selection.SelectionSettings;

/** A project: the arms that are compared on data sets, with seeds and base models. */
public record Project(
        @Setting(
                value =
                        "seeds; each draws the worlds, what the agents sample, the selections and the training of all arms",
                defaultValue = "[1]")
        List<Long> seeds,

        @Setting(value = "models that every arm starts from; default: the small model", defaultValue = "[]")
        List<Base> bases,

        @Setting(value = "data sets", required = true) List<DataSet> data,

        @Setting(
                value = "selections of training samples, by name; each one draws with the seeds above",
                defaultValue = "{}",
                type = "mapping of names to settings of selection")
        Map<String, SelectionSettings> selections,

        @Setting(value = "model behind a server that the agents ask, in place of each base", optional = true)
        Server agents,

        @Setting("boundary reflection") ReflectionSettings reflection,
        @Setting("difficulty estimation") DifficultySettings difficulty,

        @Setting("prompt template of all arms and of the agents; default: that of the arms' recipes, which must agree")
        String prompt,

        @Setting(
                value = "how videos are read by all arms and the agents; default: as the arms' recipes say",
                defaultValue = "{}",
                type = "mapping of keys to values")
        Map<String, String> video,

        @Setting(value = "tokens of a reply in evaluation; default: those of the training", range = "at least 1")
        Integer maxTokens,

        @Setting(
                value = "evaluators of others by whose conventions the predictions are scored too (docs/metrics.md)",
                defaultValue = "[]")
        List<String> metrics,

        @Setting(
                value = "models of each training that are evaluated on its way",
                defaultValue = "0",
                range = "at least 0")
        int curve,

        @Setting(
                value = "test samples of such an evaluation, the first ones",
                defaultValue = "500",
                range = "at least 1")
        int curveTest,

        @Setting(
                value = "settings, by their dotted keys, in which the training of all arms differs from their recipes",
                defaultValue = "{}",
                type = "mapping of keys to values")
        Map<String, String> overrides,

        @Setting("what a stage costs, for the estimates of time and disk")
        Rates rates,

        @Setting(value = "arms to compare", required = true) List<Arm> arms) {
    private static final String NAME = "[a-z0-9][a-z0-9-]*";

    public Project {
        seeds = nonEmpty(seeds, "seeds");
        if (new HashSet<>(seeds).size() < seeds.size()) {
            throw new InputException("\"seeds\" must differ");
        }
        data = nonEmpty(data, "data");
        arms = nonEmpty(arms, "arms");
        bases = List.copyOf(bases);
        selections = Collections.unmodifiableMap(new LinkedHashMap<>(selections));
        overrides = Map.copyOf(overrides);
        video = Map.copyOf(video);
        metrics = List.copyOf(metrics);
        metrics.stream()
                .filter(name -> !MetricProfile.names().contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InputException("\"metrics\" names \"" + name + "\", which is no evaluator; known: "
                            + String.join(", ", MetricProfile.names()));
                });
        Set<String> armNames = names(arms, Arm::name, "arms");
        Set<String> baseNames = names(bases, Base::name, "bases");
        Set<String> known = names(List.copyOf(selections.keySet()), Function.identity(), "selections");
        known.add(Arm.ALL);
        for (Arm arm : arms) {
            if (arm.data() != null && !known.contains(arm.data())) {
                throw new InputException("arm \"" + arm.name() + "\": \"data\" must be " + Arm.ALL
                        + " or the name of one of the \"selections\", not \"" + arm.data() + "\"");
            }
        }
        for (DataSet set : data) {
            requireKnown(set.arms(), armNames, "arms", set);
            requireKnown(set.bases(), baseNames, "bases", set);
        }
        names(data, DataSet::name, "data");
    }

    private static <T> List<T> nonEmpty(List<T> list, String key) {
        if (list.isEmpty()) {
            throw new InputException("\"" + key + "\" must not be empty");
        }
        return List.copyOf(list);
    }

    private static <T> Set<String> names(List<T> list, Function<T, String> name, String key) {
        Set<String> names = new HashSet<>();
        for (T item : list) {
            if (!name.apply(item).matches(NAME)) {
                throw new InputException(
                        "\"" + key + "\": the name must be lower-case letters, digits and hyphens, not \""
                                + name.apply(item) + "\"");
            }
            if (!names.add(name.apply(item))) {
                throw new InputException("two \"" + key + "\" are called \"" + name.apply(item) + "\"");
            }
        }
        return names;
    }

    private static void requireKnown(List<String> named, Set<String> known, String key, DataSet set) {
        for (String name : named) {
            if (!known.contains(name)) {
                throw new InputException("data \"" + set.name() + "\": \"" + key + "\" names \"" + name
                        + "\", which the project's \"" + key + "\" do not have");
            }
        }
    }

    /** A model behind a server. */
    public record Server(
            @Setting(value = "its address, http://HOST:PORT/v1#NAME", required = true)
            String model,

            @Setting(
                    value = "how it is asked (see the settings of a server)",
                    defaultValue = "{}",
                    type = "mapping of keys to values")
            Map<String, String> server,

            @Setting(
                    value = "how the clips are sampled that are sent (docs/servers.md)",
                    defaultValue = "{}",
                    type = "mapping of keys to values")
            Map<String, String> video) {
        public Server {
            server = Map.copyOf(server);
            video = Map.copyOf(video);
        }
    }

    /** A model that arms start from. */
    public record Base(
            @Setting(value = "name: lower-case letters, digits and hyphens", required = true)
            String name,

            @Setting(value = "folder of a checkpoint or name on a hub", required = true)
            String model) {}

    /** One way of training. */
    public record Arm(
            @Setting(value = "name: lower-case letters, digits and hyphens", required = true)
            String name,

            @Setting(value = "title in tables; default: the name")
            String title,

            @Setting("role in the report's comparison; without it the one that the name suggests")
            Role role,

            @Setting("recipe of its training, in the folder of the project; without it the model stays as it is")
            String recipe,

            @Setting("samples that it is trained on, with a recipe only: all, or the name of a selection")
            String data,

            @Setting(
                    value = "settings, by their dotted keys, that differ from the recipe's and the project's",
                    defaultValue = "{}",
                    type = "mapping of keys to values")
            Map<String, String> overrides) {
        /** Names the whole training data. */
        static final String ALL = "all";

        public Arm {
            if ((recipe == null) != (data == null)) {
                throw new InputException("arm \"" + name + "\" needs both \"recipe\" and \"data\", or neither");
            }
            title = title == null ? name : title;
            role = role == null ? Role.ofName(name) : role;
            overrides = Map.copyOf(overrides);
        }

        boolean isTrained() {
            return recipe != null;
        }
    }

    /**
     * Reads a project. Relative paths of data and models are looked for in the working directory, then beside the file.
     *
     * @throws InputException naming the file and the wrong key
     */
    public static Project read(Path file) {
        Project project = Settings.read(file, List.of(), Project.class);
        return Settings.with(
                project,
                Map.of(
                        "bases",
                        project.bases.stream()
                                .map(base -> new Base(base.name(), located(base.model(), file)))
                                .toList(),
                        "data",
                        project.data.stream().map(set -> set.located(file)).toList()));
    }

    /** Returns the path of a file or folder that is in the working directory or, if not, beside the project's file. */
    static String located(String path, Path project) {
        if (path == null || Files.exists(Path.of(path))) {
            return path;
        }
        Path beside = project.toAbsolutePath().resolveSibling(path).normalize();
        return Files.exists(beside) ? beside.toString() : path;
    }

    /** Returns the project with another model in place of its bases. */
    public Project withBase(Base base) {
        return Settings.with(
                this,
                Map.of(
                        "bases",
                        List.of(base),
                        "data",
                        data.stream().map(DataSet::withAllBases).toList()));
    }

    /** Returns what is compared, a line for each data set and one for the question. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        for (DataSet set : data) {
            lines.add(set.name() + ": "
                    + (set.world() == null
                            ? "trained on " + set.train()
                            : set.world().train() + " videos to train on, "
                                    + set.world().test() + " to test on")
                    + "; compared are "
                    + arms.stream().filter(set::has).map(Arm::title).collect(Collectors.joining("; ")));
        }
        Function<Role, Optional<String>> titled = role ->
                arms.stream().filter(arm -> arm.role() == role).map(Arm::title).findFirst();
        titled.apply(Role.METHOD)
                .ifPresent(method -> titled.apply(Role.REFERENCE)
                        .ifPresent(reference -> lines.add("the question: is \"" + method + "\" better than \""
                                + reference + "\", and what does each cost?")));
        return lines;
    }

    /** Returns the combinations of data set, seed and base, in the order of the file. */
    List<Cell> cells(Path out) {
        List<Cell> cells = new ArrayList<>();
        for (DataSet set : data) {
            for (long seed : seeds) {
                bases.stream().filter(set::has).forEach(base -> cells.add(Cell.of(this, out, set, seed, base)));
            }
        }
        return cells;
    }

    /** Returns whether all files lie in the project's folder itself, since there is one combination only. */
    boolean isSingle() {
        return data.size() * seeds.size() * bases.size() == 1;
    }
}
