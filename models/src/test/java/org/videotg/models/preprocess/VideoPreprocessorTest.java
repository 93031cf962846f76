package org.videotg.models.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.FrameSize;
import org.videotg.video.PixelBudget;
import org.videotg.video.RgbImage;

/** Sampling, sizes, and resizing, normalising and cutting into patches, against both programs for both families. */
class VideoPreprocessorTest {
    private static final Path ROOT = Path.of("src/test/resources/golden");

    private static PixelBudget budget(String family, long min, long max) {
        return family.equals("qwen3vl") ? new PixelBudget.WholeClip(min, max) : new PixelBudget.EachFrame(min, max);
    }

    @ParameterizedTest
    @CsvSource({"qwen25vl, odd", "qwen25vl, downscaled", "qwen3vl, odd", "qwen3vl, downscaled"})
    void patchesAreThoseOfTheReference(String family, String name) {
        NativeRuntime.load();
        JsonNode video = Json.read(ROOT.resolve(family + "/preprocess.json"))
                .path("videos")
                .path(name);
        JsonNode size = video.path("size");
        PreprocessorConfig config = new PreprocessorConfig(
                FrameSampling.Hf.defaults(),
                FrameDecoder.Colours.FAST,
                List.of(new PreprocessorConfig.Resize(
                        budget(
                                family,
                                size.path("shortest_edge").asLong(),
                                size.path("longest_edge").asLong()),
                        BicubicResizer.Rounding.EACH_AXIS)),
                video.path("patch_size").asInt(),
                video.path("temporal_patch_size").asInt(),
                video.path("merge_size").asInt(),
                floats(video.path("imageMean")),
                floats(video.path("imageStd")));
        Path file = ROOT.resolve(family + "/preprocess.safetensors");
        try (PointerScope scope = new PointerScope();
                SafetensorsFile golden = SafetensorsFile.open(file)) {
            RgbImage[] frames = frames(golden.tensor(name + ".frames"));
            Tensor expected = golden.tensor(name + ".pixel_values_videos");
            Tensor actual = new VideoPreprocessor(config).patches(frames);
            long[] thw = Tensors.toLongs(golden.tensor(name + ".video_grid_thw"));
            assertEquals(thw[0] * thw[1] * thw[2], actual.size(0));
            assertEquals(expected.size(1), actual.size(1));
            double worst = actual.sub(expected).abs().max().item_double();
            assertTrue(
                    worst <= 1.01 / 255 / config.std()[0], "off by " + worst * 255 * config.std()[0] + " grey levels");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl", "qwen3vl"})
    void sizesAreThoseOfTheReference(String family) {
        for (JsonNode row : Json.read(ROOT.resolve(family + "/preprocess.json")).path("sizes")) {
            FrameSize size = budget(
                            family,
                            row.path("minPixels").asLong(),
                            row.path("maxPixels").asLong())
                    .frameSize(
                            row.path("frames").asInt(),
                            new FrameSize(
                                    row.path("height").asInt(),
                                    row.path("width").asInt()),
                            2,
                            row.path("factor").asInt());
            assertArrayEquals(ints(row.path("resized")), new int[] {size.height(), size.width()}, row.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl", "qwen3vl"})
    void sampledFramesAreThoseOfTheReference(String family) {
        FrameSampling hf =
                family.equals("qwen3vl") ? FrameSampling.Hf.defaults() : new FrameSampling.HfPairs(2, 4, 768);
        for (JsonNode row : Json.read(ROOT.resolve(family + "/sampling.json")).path("clips")) {
            if (row.has("indices")) {
                int[] indices = sample(hf, row, "indices", "secondPerGrid");
                assertTimes(row, indices);
            }
            if (row.has("utilsIndices")) {
                sample(FrameSampling.Utils.defaults(), row, "utilsIndices", "utilsSecondPerGrid");
            }
        }
    }

    private static int[] sample(FrameSampling sampling, JsonNode row, String indices, String secondPerGrid) {
        int total = row.path("totalFrames").asInt();
        double fps = row.path("fps").asDouble();
        int[] chosen = sampling.indices(total, sampling.count(total, fps));
        assertArrayEquals(ints(row.path(indices)), chosen, row.toString());
        if (row.has(secondPerGrid)) {
            assertEquals(row.path(secondPerGrid).asDouble(), 2 / (chosen.length / (double) total * fps), 1e-12);
        }
        return chosen;
    }

    /** The seconds of each pair of frames, and how Qwen3-VL's prompt writes them (trap 4: half to even). */
    private static void assertTimes(JsonNode row, int[] indices) {
        double fps = row.path("fps").asDouble();
        double[] times = Arrays.stream(indices).mapToDouble(i -> i / fps).toArray();
        List<TemporalGrid> grids = TemporalGrids.ofFrameTimes(
                        times, row.path("totalFrames").asInt() / fps)
                .grids();
        for (int i = 0; i < row.path("timestamps").size(); i++) {
            assertEquals(row.path("timestamps").get(i).asDouble(), grids.get(i).timestamp(), 1e-9);
            assertEquals(
                    row.path("texts").get(i).asText(),
                    "<" + PromptTemplate.time(grids.get(i).timestamp()) + " seconds>");
        }
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
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
