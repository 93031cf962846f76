package org.videotg.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.Progress;
import org.videotg.core.run.RunManifest;
import org.videotg.models.ModelFolder;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.tensor.Placement;
import org.videotg.smallworld.WorldSettings;
import org.videotg.smallworld.WorldWriter;
import org.videotg.smallworld.pretrain.PretrainRecipe;
import org.videotg.smallworld.pretrain.Pretrainer;
import org.videotg.smallworld.scene.DomainSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the small model: renders its worlds, creates a random checkpoint and trains it stage by stage. */
@Command(
        name = "pretrain",
        description =
                "Make the small model from nothing, as its recipe says (about an hour and a half on 2 cores), or train "
                        + "one further.",
        footer = {"", "Example:", "  ./videotg pretrain recipes/pretrain.yaml --out runs/pretrain"})
public final class PretrainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "yaml file, such as recipes/pretrain.yaml")
    private Path recipeFile;

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "settings that override those of the recipe, such as seed=2")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder for the worlds and the model")
    private Path out;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PretrainRecipe recipe = PretrainRecipe.read(recipeFile, overrides);
        try (FolderLock lock = FolderLock.take(out, Duration.ZERO)) {
            pretrain(recipe);
        }
        return 0;
    }

    private void pretrain(PretrainRecipe recipe) {
        if (Files.exists(out.resolve(RunManifest.FILE))) {
            JsonNode then = RunManifest.read(out).recipe();
            JsonNode now = Json.MAPPER.valueToTree(recipe);
            for (String key : List.of("seed", "model", "start")) {
                if (then == null || !Json.line(then.path(key)).equals(Json.line(now.path(key)))) {
                    throw new InputException(
                            out + " holds a pretraining with another \"" + key + "\"; choose another --out");
                }
            }
        } else {
            RunManifest.start(VideoTg.arguments(spec), Instant.now())
                    .withRecipe(Json.MAPPER.valueToTree(recipe), Map.of("pretraining", recipe.seed()))
                    .write(out);
        }
        for (PretrainRecipe.World world : recipe.worlds()) {
            WorldSettings settings =
                    WorldSettings.pretraining(DomainSettings.named(world.domain()), world.seed(), world.videos(), 0);
            Progress progress = Progress.logged("world " + world.name(), world.videos());
            WorldWriter.write(settings, out.resolve(world.name()), (done, total) -> progress.step(""));
        }
        Path initial = out.resolve("initial");
        if (!Files.exists(initial.resolve(WeightsReader.SINGLE))) {
            recipe.begin(initial);
        }
        try (ModelFolder folder = ModelFolder.open(initial)) {
            complete(recipe, folder);
            new Pretrainer(folder, recipe, out).run(out, () -> false);
        }
    }

    /** Adds to the manifest what is known only after the worlds and the initial model have been created. */
    private void complete(PretrainRecipe recipe, ModelFolder folder) {
        RunManifest manifest = RunManifest.read(out);
        if (manifest.model() == null) {
            manifest.withModel(
                            new ModelIdentity(
                                    "initial",
                                    folder.config().family().modelType(),
                                    folder.fingerprint(),
                                    folder.describeVideos(),
                                    Placement.CPU.describe()),
                            PromptTemplate.DEFAULT,
                            folder.preprocessor().config().sampling().fps(),
                            folder.preprocessor().config().describeBudget())
                    .withData(recipe.worlds().stream()
                            .map(world -> out.resolve(world.name()).resolve("train.jsonl"))
                            .toList())
                    .write(out);
        }
    }
}
