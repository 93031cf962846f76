package org.videotg.model.preprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.Json;
import org.videotg.model.config.PreprocessorConfig;
import org.videotg.model.safetensors.SafetensorsFile;
import org.videotg.model.tensor.NativeRuntime;
import org.videotg.model.tensor.Tensors;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameSampling;
import org.videotg.video.PixelBudget;
import org.videotg.video.RgbImage;

/** Resizing, normalising and cutting into patches against the processor of transformers 5.18. */
class VideoPreprocessorTest {
    private static final Path ROOT = Path.of("src/test/resources/golden/qwen3vl");

    @ParameterizedTest
    @ValueSource(strings = {"odd", "downscaled"})
    void patchesAreThoseOfTheReference(String name) {
        NativeRuntime.load();
        JsonNode video = Json.read(ROOT.resolve("preprocess.json")).path("videos").path(name);
        PreprocessorConfig config = new PreprocessorConfig(FrameSampling.Hf.defaults(),
                List.of(new PreprocessorConfig.Resize(new PixelBudget.WholeClip(video.path("size").path("shortest_edge").asLong(),
                        video.path("size").path("longest_edge").asLong()), BicubicResizer.Rounding.EACH_AXIS)),
                video.path("patch_size").asInt(), video.path("temporal_patch_size").asInt(), video.path("merge_size").asInt(),
                new float[] {.5f, .5f, .5f}, new float[] {.5f, .5f, .5f});
        try (PointerScope scope = new PointerScope(); SafetensorsFile golden = SafetensorsFile.open(ROOT.resolve("preprocess.safetensors"))) {
            RgbImage[] frames = frames(golden.tensor(name + ".frames"));
            Tensor expected = golden.tensor(name + ".pixel_values_videos");
            Tensor actual = new VideoPreprocessor(config).patches(frames);
            long[] thw = Tensors.toLongs(golden.tensor(name + ".video_grid_thw"));
            assertEquals(thw[0] * thw[1] * thw[2], actual.size(0));
            assertEquals(expected.size(1), actual.size(1));
            double worst = actual.sub(expected).abs().max().item_double();
            assertTrue(worst <= 2.01 / 255, "off by " + worst * 255 / 2 + " grey levels");
        }
    }

    private static RgbImage[] frames(Tensor frames) {
        int count = (int) frames.size(0);
        int height = (int) frames.size(2);
        int width = (int) frames.size(3);
        RgbImage[] images = new RgbImage[count];
        for (int i = 0; i < count; i++) {
            long[] values = Tensors.toLongs(frames.select(0, i).permute(1, 2, 0));
            byte[] rgb = new byte[values.length];
            for (int j = 0; j < rgb.length; j++) {
                rgb[j] = (byte) values[j];
            }
            images[i] = new RgbImage(width, height, rgb);
        }
        return images;
    }
}
