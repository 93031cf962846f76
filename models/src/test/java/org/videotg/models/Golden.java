package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.VisionRope;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Golden values of one checkpoint that {@code bench/reference/golden.py} made with transformers 5.18.0 and torch
 * 2.10.0. Another folder of such values, of other seeds and shapes, is named by the system property
 * {@code golden.root}.
 */
public final class Golden implements AutoCloseable {
    /** Holds a folder for each family, with a folder for each checkpoint. */
    public static final Path ROOT = Path.of(System.getProperty("golden.root", "src/test/resources/golden"));

    private static final double TABLES = 2e-6;
    /** Folders of the families. */
    static final List<String> FAMILIES = List.of("qwen25vl", "qwen3vl");

    final ModelConfig config;
    final Model model;
    final SafetensorsFile cases;
    final JsonNode description;
    private final Path folder;

    Golden(String checkpoint) {
        this(checkpoint, torch.ScalarType.Float);
    }

    Golden(String checkpoint, torch.ScalarType type) {
        NativeRuntime.load();
        folder = ROOT.resolve(checkpoint);
        config = ModelConfig.read(folder.resolve("checkpoint/config.json"));
        model = new Model(config, WeightsReader.load(folder.resolve("checkpoint"), type));
        cases = SafetensorsFile.open(folder.resolve("cases.safetensors"));
        description = Json.read(folder.resolve("cases.json"));
    }

    /** Every checkpoint, as {@code family/name}. */
    static Stream<String> checkpoints() {
        return FAMILIES.stream().flatMap(family -> Stream.of(family + "/a", family + "/b"));
    }

    /** A case of a checkpoint. */
    record Case(String checkpoint, String name) {}

    static Stream<Case> allCases() {
        return checkpoints()
                .flatMap(checkpoint -> IntStream.rangeClosed(1, 4).mapToObj(i -> new Case(checkpoint, "case" + i)));
    }

    /** Another of the checkpoint's files. */
    SafetensorsFile open(String name) {
        return SafetensorsFile.open(folder.resolve(name + ".safetensors"));
    }

    boolean has(String name) {
        return Files.exists(folder.resolve(name + ".safetensors"));
    }

    int[] ids(String name) {
        return Arrays.stream(Tensors.toLongs(cases.tensor(name)))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    long[][] positions(String name) {
        Tensor positions = cases.tensor(name);
        return new long[][] {
            Tensors.toLongs(positions.select(0, 0)),
            Tensors.toLongs(positions.select(0, 1)),
            Tensors.toLongs(positions.select(0, 2))
        };
    }

    /** The prompt of a case. */
    Prefix prefix(String test) {
        int[] ids = ids(test + ".input_ids");
        long[][] positions = positions(test + ".position_ids");
        long next = 1
                + IntStream.range(0, 3)
                        .mapToLong(axis -> positions[axis][ids.length - 1])
                        .max()
                        .orElseThrow();
        return new Prefix(ids, positions, visualSlots(ids), next);
    }

    int[] visualSlots(int[] ids) {
        return IntStream.range(0, ids.length)
                .filter(i -> ids[i] == config.videoTokenId())
                .toArray();
    }

    /** Names of a case's videos in the order of its prompt. */
    List<String> videos(String test) {
        List<String> names = new ArrayList<>();
        description.path("cases").path(test).path("videos").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Grids, height and width in patches. */
    int[] thw(String video) {
        JsonNode thw = description.path("videos").path(video);
        return new int[] {thw.get(0).asInt(), thw.get(1).asInt(), thw.get(2).asInt()};
    }

    double secondsPerGrid(String video) {
        return description.path("secondsPerGrid").path(video).asDouble();
    }

    Tensor pixels(String video) {
        return cases.tensor("video." + video + ".pixel_values_videos", torch.ScalarType.Float);
    }

    GridFeatures see(String video) {
        int[] thw = thw(video);
        return model.vision().forward(pixels(video), thw[0], thw[1], thw[2]);
    }

    /** A case's visual tokens, or null without a video. */
    VisualEmbeddings visual(String test) {
        List<String> videos = videos(test);
        return videos.isEmpty()
                ? null
                : VisualEmbeddings.of(videos.stream().map(this::see).toArray(GridFeatures[]::new));
    }

    /** The largest absolute difference must stay below {@code tolerance}. */
    void assertClose(String name, Tensor actual, double tolerance) {
        assertClose(name, cases.tensor(name), actual, tolerance);
    }

    static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
        Tensor flat = actual.reshape(Tensors.shape(expected));
        assertArrayEquals(Tensors.shape(expected), Tensors.shape(flat), name);
        double difference = flat.sub(expected).abs().max().item_double();
        assertTrue(difference <= tolerance, name + ": off by " + difference);
    }

    /** The last rows of {@code actual}, as many as the golden value has. */
    void assertLastRowsClose(String name, Tensor actual, double tolerance) {
        long rows = cases.shape(name)[0];
        assertClose(name, actual.narrow(0, actual.size(0) - rows, rows), tolerance);
    }

    /** The grids of one video of a checkpoint's second case, for tests of its tables. */
    public record Grids(Golden golden, int height, int width, long start) {
        public ModelConfig config() {
            return golden.config;
        }

        public ModelParameters parameters() {
            return golden.model.parameters();
        }

        /**
         * The rotary table in an order of merged units; {@code patches} has each patch's index in merge-block order.
         */
        public void checkRope(int[] order, Tensor patches) {
            int columns = width / config().vision().spatialMergeSize();
            VisionRope rope = VisionRope.of(config().vision(), order, columns);
            close("rope.cos", patches, rope.cos());
            close("rope.sin", patches, rope.sin());
        }

        private void close(String table, Tensor patches, Tensor actual) {
            assertClose(table, expected(table).index_select(0, patches), actual, TABLES);
        }

        /** A table in merge-block order. */
        public void checkTable(String table, Tensor actual) {
            assertClose(table, expected(table), actual, TABLES);
        }

        private Tensor expected(String table) {
            return golden.cases.tensor("case2.vision." + table).narrow(0, start, (long) height * width);
        }
    }

    /** Hands over the grids of each video of a checkpoint's second case. */
    public static void forEachGrid(String checkpoint, Consumer<Grids> test) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            long start = 0;
            for (String video : golden.videos("case2")) {
                int[] thw = golden.thw(video);
                test.accept(new Grids(golden, thw[1], thw[2], start));
                start += (long) thw[0] * thw[1] * thw[2];
            }
            assertTrue(start > 0, checkpoint + " has no video");
        }
    }

    @Override
    public void close() {
        cases.close();
        model.close();
    }
}
