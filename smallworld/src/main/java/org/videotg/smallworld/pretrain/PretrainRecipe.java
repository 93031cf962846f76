package org.videotg.smallworld.pretrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.List;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;

/**
 * How the small model is made.
 *
 * @param checkpointEvery steps; 100 if it is not given
 * @param worlds rendered first, each into a folder of its name
 * @param stages run in order; their {@code data} names a world
 */
public record PretrainRecipe(
        long seed,
        int workers,
        Integer checkpointEvery,
        SmallModel model,
        List<World> worlds,
        List<PretrainStage> stages) {
    private static final int CHECKPOINT_EVERY = 100;

    /**
     * A world to render.
     *
     * @param domain preset of the small world
     */
    public record World(String name, String domain, int videos, long seed) {}

    public PretrainRecipe {
        checkpointEvery = checkpointEvery == null ? CHECKPOINT_EVERY : checkpointEvery;
        if (workers < 1
                || checkpointEvery < 1
                || model == null
                || worlds == null
                || stages == null
                || stages.isEmpty()) {
            throw new IllegalArgumentException(
                    "a recipe needs workers and checkpointEvery above 0, a model, worlds and stages");
        }
        worlds = List.copyOf(worlds);
        stages = List.copyOf(stages);
    }

    public static PretrainRecipe read(Path file) {
        try {
            return YAMLMapper.builder()
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(AtomicFiles.readString(file), PretrainRecipe.class);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ": " + e.getOriginalMessage().lines().findFirst().orElse("not valid yaml")
                            + (e.getLocation() == null
                                    ? ""
                                    : ", line " + e.getLocation().getLineNr()),
                    e);
        }
    }
}
