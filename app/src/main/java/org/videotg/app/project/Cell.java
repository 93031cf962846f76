package org.videotg.app.project;

import java.nio.file.Path;
import java.util.List;
import org.videotg.training.run.RunFolder;

/**
 * One combination of data set, seed and base model, in which all arms train and are tested on the same videos; its
 * files, which the report reads there.
 *
 * @param name unique in the project, such as {@code truncated/seed-1/small}
 * @param folder absolute
 * @param world folder of the data set's samples, where a stage makes them: rendered for all bases, or converted for
 *     all bases and seeds
 */
record Cell(Project project, String name, Path folder, Path world, DataSet data, long seed, Project.Base base) {
    static Cell of(Project project, Path out, DataSet data, long seed, Project.Base base) {
        Path root = out.toAbsolutePath().normalize();
        String name = data.name() + "/seed-" + seed + "/" + base.name();
        Path folder = project.isSingle() ? root : root.resolve(name);
        return new Cell(
                project,
                name,
                folder,
                data.convert() == null
                        ? folder(project, root, folder.getParent(), "world")
                        : folder(project, root, root.resolve(data.name()), "data"),
                data,
                seed,
                base);
    }

    private static Path folder(Project project, Path root, Path shared, String name) {
        return (project.isSingle() ? root : shared).resolve(name);
    }

    /** Returns the arms that are run here. */
    List<Project.Arm> arms() {
        return project.arms().stream().filter(data::has).toList();
    }

    Path train() {
        return made() ? world.resolve("train.jsonl") : Path.of(data.train()).toAbsolutePath();
    }

    Path test() {
        return made() ? world.resolve("test.jsonl") : Path.of(data.test()).toAbsolutePath();
    }

    /** Whether the samples are made by a stage. */
    boolean made() {
        return data.world() != null || data.convert() != null;
    }

    /** The test samples on which models on the way of a training are evaluated. */
    Path curveTest() {
        return folder.resolve("curve-test.jsonl");
    }

    /** The planted truth; written last of the world's files and read by the report alone. */
    Path truth() {
        return world.resolve("truth.jsonl");
    }

    Path features() {
        return folder.resolve("features");
    }

    /** The cost of caching one part of the features. */
    Path featureCost(int part) {
        return features().resolve("cost-" + part + ".json");
    }

    Path reflections() {
        return folder.resolve("agents").resolve("reflections.jsonl");
    }

    Path difficulty() {
        return folder.resolve("agents").resolve("difficulty.jsonl");
    }

    /** Written once recipe, data and model have been checked. */
    Path checked() {
        return folder.resolve("checked.json");
    }

    /** The samples of a selection. */
    Path selected(String selection) {
        return folder.resolve("selections").resolve(selection + ".jsonl");
    }

    /** What became of all samples, and what the agents have cost. */
    Path selectionReport(String selection) {
        return folder.resolve("selections").resolve(selection + ".json");
    }

    /** The settings of the agents. */
    Path selectionSettings(String selection) {
        return folder.resolve("selections").resolve(selection + "-settings.json");
    }

    /** The arms with their cost: rows of {@link ArmRow}. */
    Path armRows() {
        return folder.resolve("arms.json");
    }

    RunFolder arm(Project.Arm arm) {
        return new RunFolder(folder.resolve("arms").resolve(arm.name()));
    }

    Path armRecipe(Project.Arm arm) {
        return arm(arm).path().resolve("recipe.yaml");
    }

    Path eval(Project.Arm arm) {
        return arm(arm).path().resolve("eval");
    }

    /** The scores of an arm by the conventions of other evaluators. */
    Path scores(Project.Arm arm) {
        return eval(arm).resolve("scores.jsonl");
    }

    /** Returns the samples that an arm is trained on. */
    Path trainingData(Project.Arm arm) {
        return arm.data().equals(Project.Arm.ALL) ? train() : selected(arm.data());
    }

    /** Returns the name of a stage of this cell. */
    String stage(String stage) {
        return project.isSingle() ? stage : name + " " + stage;
    }

    Path log(String stage) {
        return folder.resolve("logs").resolve(stage.replace(' ', '-') + ".log");
    }
}
