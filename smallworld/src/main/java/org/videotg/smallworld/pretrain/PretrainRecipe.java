package org.videotg.smallworld.pretrain;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.models.ModelFolder;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.hub.HubModels;

/** How the small model is made. */
public record PretrainRecipe(
        @Setting(value = "seed of everything random", defaultValue = "0")
        long seed,

        @Setting(value = "data-parallel threads", required = true, range = "at least 1")
        int workers,

        @Setting(value = "steps between two checkpoints", defaultValue = "100", range = "at least 1")
        int checkpointEvery,

        @Setting("folder of a small model that is trained further; without it one of random weights, of \"model\"")
        String start,

        @Setting(value = "sizes of the model, without \"start\"", optional = true)
        SmallModel model,

        @Setting(value = "worlds that are rendered first, each into a folder of its name", required = true)
        List<World> worlds,

        @Setting(value = "stages of training, in order", required = true)
        List<PretrainStage> stages) {
    /** A world to render. */
    public record World(
            @Setting(value = "name, by which stages call it", required = true)
            String name,

            @Setting(value = "preset of the small world", required = true)
            String domain,

            @Setting(value = "number of videos", required = true, range = "at least 1")
            int videos,

            @Setting(value = "seed of the world", defaultValue = "0")
            long seed) {}

    public PretrainRecipe {
        if ((start == null) == (model == null)) {
            throw new InputException("pretraining begins either with the sizes of a \"model\", or with \"start\", the"
                    + " folder of one; give one of them");
        }
        worlds = List.copyOf(worlds);
        stages = List.copyOf(stages);
        if (worlds.isEmpty()) {
            throw new InputException("\"worlds\" must hold at least one world, whose labels are learnt");
        }
        if (stages.isEmpty()) {
            throw new InputException("\"stages\" must hold at least one stage");
        }
    }

    /**
     * Writes the model that pretraining begins with.
     *
     * @param folder a new one
     */
    public void begin(Path folder) {
        if (model != null) {
            model.create(folder, new SmallTokenizer(), seed);
            return;
        }
        try (ModelFolder from = ModelFolder.open(Path.of(HubModels.locate(start)));
                ModelParameters weights = WeightsReader.load(from.path(), torch.ScalarType.Float)) {
            if (!from.config().isSmall()) {
                throw new InputException("\"start\" must be a model of the small world, unlike " + start);
            }
            AtomicFiles.writeFolder(folder, target -> from.save(target, weights));
        }
    }

    /** @throws InputException naming file and key of what is wrong */
    public static PretrainRecipe read(Path file, List<String> overrides) {
        return Settings.read(file, overrides, PretrainRecipe.class);
    }
}
