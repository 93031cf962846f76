package org.videotg.smallworld.pretrain;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;

/** How the small model is made. */
public record PretrainRecipe(
        @Setting(value = "seed of everything random", defaultValue = "0")
        long seed,

        @Setting(value = "data-parallel threads", required = true, range = "at least 1")
        int workers,

        @Setting(value = "steps between two checkpoints", defaultValue = "100", range = "at least 1")
        int checkpointEvery,

        @Setting(value = "sizes of the model", required = true)
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
        worlds = List.copyOf(worlds);
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new InputException("\"stages\" must hold at least one stage");
        }
    }

    /** @throws InputException naming file and key of what is wrong */
    public static PretrainRecipe read(Path file) {
        return Settings.read(file, List.of(), PretrainRecipe.class);
    }
}
