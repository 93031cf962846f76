package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.videotg.app.inference.Checkpoint;
import org.videotg.core.error.InputException;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.train.recipe.Recipe;
import org.videotg.train.recipe.RecipeFile;
import org.videotg.train.run.RunFolder;
import org.videotg.train.run.Supervisor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains in a child process. */
@Command(name = "train", description = {"Train a model by SFT or GRPO as a recipe says; key=value changes a setting of it.",
        "Training runs in a process of its own: if that crashes, it is resumed from its last checkpoint. "
        + "After kill -9 or a stop, "
        + "--resume goes on, and the final weights are those of an uninterrupted run."},
        footer = {"", "Example:",
                "  ./videotg train recipes/curriculum.yaml --out runs/mine data=my.jsonl optimizer.learningRate=1e-5"})
final class TrainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "yaml file, such as recipes/basic.yaml")
    private Path recipeFile;

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "settings that differ from the recipe's")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the run; default: what the recipe says")
    private Path out;

    @Option(names = "--resume", description = "go on with the run in that folder; begin it if there is none")
    private boolean resume;

    @Override
    public Integer call() {
        Recipe recipe = RecipeFile.read(recipeFile, overrides);
        Path folder = out == null ? recipe.outputFolder().orElseThrow(() -> new InputException(
                recipeFile + ": no \"output\" is given; add it, or give --out DIR")) : out;
        Checks.folder("--out", folder);
        Checkpoint checkpoint = Checkpoint.find(recipe.modelFolder(), recipe.adapterFolder(), recipe.videoOptions());
        List<Sample> samples = Samples.read(recipe.dataFile());
        ModelOptions.warn(checkpoint, samples.stream().map(sample -> Samples.resolve(recipe.dataFile(), sample)).toList());
        int code = new Supervisor(recipeFile, overrides, folder, System.err).run(resume);
        if (code == 0) {
            System.out.println(new RunFolder(folder).model() + ": trained");
        }
        return code == 0 ? 0 : 1;
    }
}
