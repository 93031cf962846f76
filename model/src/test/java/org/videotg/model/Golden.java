package org.videotg.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.checkpoint.WeightFiles;
import org.videotg.model.config.QwenVlConfig;
import org.videotg.model.safetensors.SafetensorsFile;
import org.videotg.model.tensor.NativeRuntime;
import org.videotg.model.tensor.Tensors;
import org.videotg.model.vision.VideoFeatures;

/** Golden values that {@code bench/reference/golden_qwen3vl.py} made with transformers 5.18.0 and torch 2.10.0. */
final class Golden implements AutoCloseable {
    static final Path ROOT = Path.of("src/test/resources/golden/qwen3vl");

    final QwenVlConfig config;
    final QwenVl model;
    final SafetensorsFile cases;
    private final Parameters parameters;

    Golden(String checkpoint) {
        NativeRuntime.load();
        Path folder = ROOT.resolve(checkpoint);
        config = QwenVlConfig.read(folder.resolve("checkpoint/config.json"));
        parameters = WeightFiles.load(folder.resolve("checkpoint"), torch.ScalarType.Float);
        model = new QwenVl(config, parameters);
        cases = SafetensorsFile.open(folder.resolve("cases.safetensors"));
    }

    int[] ids(String name) {
        return Arrays.stream(Tensors.toLongs(cases.tensor(name))).mapToInt(Math::toIntExact).toArray();
    }

    long[][] positions(String test) {
        Tensor positions = cases.tensor(test + ".position_ids");
        return new long[][] {Tensors.toLongs(positions.select(0, 0)), Tensors.toLongs(positions.select(0, 1)),
            Tensors.toLongs(positions.select(0, 2))};
    }

    int[] visualSlots(int[] ids) {
        return java.util.stream.IntStream.range(0, ids.length).filter(i -> ids[i] == config.videoTokenId()).toArray();
    }

    VideoFeatures see(String video, int grids, int height, int width) {
        Tensor patches = cases.tensor("video." + video + ".pixel_values_videos", torch.ScalarType.Float);
        return model.vision().forward(patches, grids, height, width);
    }

    /** The largest absolute difference must stay below {@code tolerance}. */
    void assertClose(String name, Tensor actual, double tolerance) {
        assertClose(name, cases.tensor(name), actual, tolerance);
    }

    static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
        Tensor flat = actual.reshape(Parameters.shapeOf(expected));
        assertArrayEquals(Parameters.shapeOf(expected), Parameters.shapeOf(flat), name);
        double difference = flat.sub(expected).abs().max().item_double();
        assertTrue(difference <= tolerance, name + ": off by " + difference);
    }

    @Override
    public void close() {
        cases.close();
        parameters.close();
    }
}
