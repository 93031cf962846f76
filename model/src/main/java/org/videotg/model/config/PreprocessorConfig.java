package org.videotg.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.videotg.core.error.InputException;
import org.videotg.core.io.Json;
import org.videotg.video.FrameSampling;
import org.videotg.video.PixelBudget;

/**
 * How a checkpoint's videos are sampled, resized and cut into patches ({@code video_preprocessor_config.json}, or
 * {@code preprocessor_config.json}). What the file leaves out has the defaults of transformers 5.18 for Qwen3-VL.
 *
 * @param sampling which frames
 * @param budget how many pixels
 * @param mean of each channel, of values in [0, 1]
 * @param std of each channel
 */
public record PreprocessorConfig(FrameSampling sampling, PixelBudget budget, int patchSize, int temporalPatchSize, int mergeSize,
        float[] mean, float[] std) {
    private static final long MIN_PIXELS = 4096;
    private static final long MAX_PIXELS = 25_165_824;

    /** Reads the folder's file; a folder without one has the defaults, with the sizes of {@code vision}. */
    public static PreprocessorConfig read(Path folder, VisionConfig vision) {
        Path file = folder.resolve("video_preprocessor_config.json");
        if (!Files.exists(file)) {
            file = folder.resolve("preprocessor_config.json");
        }
        JsonNode root = Files.exists(file) ? Json.read(file) : Json.MAPPER.createObjectNode();
        JsonNode size = root.path("size");
        try {
            PreprocessorConfig config = new PreprocessorConfig(
                    new FrameSampling.Hf(root.path("fps").asDouble(2), root.path("min_frames").asInt(4), root.path("max_frames").asInt(768)),
                    new PixelBudget.WholeClip(size.path("shortest_edge").asLong(MIN_PIXELS), size.path("longest_edge").asLong(MAX_PIXELS)),
                    root.path("patch_size").asInt(vision.patchSize()),
                    root.path("temporal_patch_size").asInt(vision.temporalPatchSize()),
                    root.path("merge_size").asInt(vision.spatialMergeSize()), channels(root.path("image_mean")),
                    channels(root.path("image_std")));
            if (config.patchSize != vision.patchSize() || config.temporalPatchSize != vision.temporalPatchSize()
                    || config.mergeSize != vision.spatialMergeSize()) {
                throw new IllegalArgumentException("patch_size, temporal_patch_size or merge_size differ from config.json");
            }
            return config;
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    private static float[] channels(JsonNode node) {
        float[] values = {0.5f, 0.5f, 0.5f};
        if (!node.isMissingNode()) {
            if (node.size() != 3) {
                throw new IllegalArgumentException("image_mean and image_std have three numbers");
            }
            for (int i = 0; i < 3; i++) {
                values[i] = (float) node.get(i).asDouble();
            }
        }
        return values;
    }

    /** Pixels of a merged unit's side. */
    public int factor() {
        return patchSize * mergeSize;
    }

    /** The settings in one line, for manifests. */
    public String describe() {
        return sampling + " " + budget + " patch " + patchSize + "x" + patchSize + "x" + temporalPatchSize + " merge " + mergeSize;
    }
}
