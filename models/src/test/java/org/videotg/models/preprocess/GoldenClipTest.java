package org.videotg.models.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.EncodedVideo;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFolder;
import org.videotg.models.PublishedConfigs;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Whole videos through both programs' preprocessing and both families' prompts, against
 * {@code bench/reference/golden_clip.py}.
 */
class GoldenClipTest {
    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final JsonNode CLIP = Json.read(ROOT.resolve("clip.json"));

    @TempDir
    Path folder;

    private ModelConfig config(String name) throws IOException {
        ObjectNode root = name.startsWith("qwen3vl")
                ? PublishedConfigs.qwen3(3, 256, 64, 8, true)
                : PublishedConfigs.qwen25(2, 256, 64, 2, 2, 461, 8);
        // The special tokens of the small model's tokenizer, with which the prompts were made.
        root.put("video_token_id", 460).put("vision_start_token_id", 456).put("vision_end_token_id", 457);
        Files.writeString(folder.resolve("config.json"), root.toString());
        if (name.startsWith("qwen3vl")) {
            // Published checkpoints state their size, which is not the processor's default.
            Files.writeString(
                    folder.resolve("video_preprocessor_config.json"),
                    "{\"size\": "
                            + (name.endsWith("utils+hf")
                                    ? CLIP.path("processorSize").toString()
                                    : PublishedConfigs.QWEN3_SIZE)
                            + "}");
        }
        return ModelConfig.read(folder.resolve("config.json"));
    }

    /** @param written to the folder */
    private PreprocessorConfig read(ModelConfig written, VideoOptions options) {
        ModelFolder.OpenSettings read = ModelFolder.OpenSettings.read(folder, Optional.empty(), options);
        assertEquals(written.vision(), read.config().vision());
        return read.preprocessor();
    }

    private static ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        return config.family().template(config, tokenizer, options);
    }

    private static VideoOptions options(JsonNode video) {
        Map<String, String> given = new HashMap<>(
                Map.of("preprocessing", video.path("preprocessing").asText()));
        video.path("options")
                .properties()
                .forEach(option -> given.put(option.getKey(), option.getValue().asText()));
        return VideoOptions.of(given);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl.hf", "qwen25vl.utils", "qwen3vl.hf", "qwen3vl.utils", "qwen3vl.utils+hf"})
    void framesGridAndPixelsAreThoseOfTheReference(String name) throws IOException {
        NativeRuntime.load();
        JsonNode expected = CLIP.path("videos").path(name);
        PreprocessorConfig config = read(config(name), options(expected));
        try (PointerScope scope = new PointerScope();
                SafetensorsFile golden = SafetensorsFile.open(ROOT.resolve("clip.safetensors"))) {
            PatchedVideo video = new VideoPreprocessor(config).load(VideoRef.whole(ROOT.resolve("clip.mp4")));
            assertMatches(expected, video);
            // Values that the reference does not round after its second resize are stored in 64ths of a level.
            double unit = name.endsWith("utils+hf") ? 1.0 / 64 : 1;
            long[] levels = Tensors.toLongs(golden.tensor(name + ".levels"));
            assertEquals(levels.length, video.patches().numel());
            int perChannel = config.temporalPatchSize() * config.patchSize() * config.patchSize();
            float[] values = Tensors.toFloats(video.patches());
            double worst = 0;
            double total = 0;
            for (int i = 0; i < levels.length; i++) {
                double level = 255 * (values[i] * config.std()[i / perChannel % 3] + config.mean()[i / perChannel % 3]);
                double off = Math.abs(level - unit * levels[i]);
                worst = Math.max(worst, off);
                total += off;
            }
            // Decoders differ by little here, and a second resize that rounded would be off by a quarter of a level on
            // average.
            double average = unit == 1 ? 1 : 0.02;
            assertTrue(
                    worst <= 6 && total / levels.length <= average,
                    "off by " + worst + " grey levels, " + total / levels.length + " on average");
        }
    }

    private static void assertMatches(JsonNode expected, PatchedVideo video) {
        assertArrayEquals(ints(expected.path("indices")), video.sampled().indices());
        assertArrayEquals(ints(expected.path("grid")), new int[] {video.grids().size(), video.height(), video.width()});
        assertEquals(expected.path("secondPerGrid").asDouble(), video.spacing().seconds(), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl.hf", "qwen25vl.utils", "qwen3vl.hf", "qwen3vl.utils"})
    void withoutOptionsTheGridIsThatOfTheReference(String name) throws IOException {
        NativeRuntime.load();
        JsonNode expected = CLIP.path("videos").path(name);
        VideoOptions options = VideoOptions.of(
                Map.of("preprocessing", expected.path("preprocessing").asText()));
        PreprocessorConfig config = read(config(name), options);
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo video = new VideoPreprocessor(config).load(VideoRef.whole(ROOT.resolve("clip.mp4")));
            assertArrayEquals(
                    ints(expected.path("defaultGrid")),
                    new int[] {video.grids().size(), video.height(), video.width()});
        }
    }

    /**
     * The processor of transformers keeps an outer pair around Qwen3-VL's timestamped grids (trap 3); ours does so when
     * asked.
     */
    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl.hf", "qwen25vl.utils", "qwen3vl.hf", "qwen3vl.utils"})
    void promptsAreThoseOfTheReference(String name) throws IOException {
        JsonNode expected = CLIP.path("videos").path(name);
        int[] ids = ints(expected.path("prompts").path("video"));
        int[] text = ints(expected.path("prompts").path("text"));
        PromptGrids grids = grids(expected);
        try (Tokenizer tokenizer = Tokenizer.load(Path.of("..", "models", "small", "tokenizer.json"))) {
            assertArrayEquals(text, ids(template(config(name), tokenizer, VideoOptions.DEFAULT), PromptGrids.NONE));
            VideoOptions outer = VideoOptions.of(Map.of("outer_pair", "true"));
            assertArrayEquals(ids, ids(template(config(name), tokenizer, outer), grids));
            int[] ours = ids(template(config(name), tokenizer, VideoOptions.DEFAULT), grids);
            if (name.startsWith("qwen3vl")) {
                int first = IntStream.range(0, ids.length)
                        .filter(i -> ids[i] == 456)
                        .findFirst()
                        .orElseThrow();
                int last = IntStream.range(0, ids.length)
                        .filter(i -> ids[i] == 457)
                        .max()
                        .orElseThrow();
                int[] inner = IntStream.range(0, ids.length)
                        .filter(i -> i != first && i != last)
                        .map(i -> ids[i])
                        .toArray();
                assertArrayEquals(inner, ours);
            } else {
                assertArrayEquals(ids, ours);
            }
        }
    }

    private static int[] ids(ChatTemplate chat, PromptGrids grids) {
        return chat.prefix(CLIP.path("before").asText(), grids)
                .append(chat.afterVideo(CLIP.path("after").asText()))
                .ids();
    }

    /** Older transformers cut the seconds of a grid (trap 2); {@code golden_old_positions.py} asked two of them. */
    @ParameterizedTest
    @CsvSource({"4.57.1, qwen", "5.14.0, transformers"})
    void theFlagsGiveThePositionsOfOlderVersions(String version, String rule) throws IOException {
        JsonNode golden = Json.read(ROOT.resolve("positions-" + version + ".json"));
        int cases = 0;
        for (JsonNode test : golden.path("cases")) {
            JsonNode grid = test.path("grid");
            ObjectNode root = PublishedConfigs.qwen25(2, 256, 64, 2, 2, 461, 8);
            root.put("video_token_id", 460).put("vision_start_token_id", 456).put("vision_end_token_id", 457);
            root.withObject("/vision_config")
                    .put("tokens_per_second", test.path("tokensPerSecond").asInt());
            Files.writeString(folder.resolve("config.json"), root.toString());
            boolean told = test.path("secondsPerGrid").isNumber();
            VideoOptions options = VideoOptions.of(Map.of("positions", rule, "second_per_grid", told ? "whole" : "1"));
            PromptGrids grids = PromptGrids.all(
                    new double[grid.get(0).asInt()],
                    GridSpacing.even(told ? test.path("secondsPerGrid").asDouble() : 0.3),
                    grid.get(1).asInt() / 2,
                    grid.get(2).asInt() / 2);
            try (Tokenizer tokenizer = Tokenizer.load(Path.of("..", "models", "small", "tokenizer.json"))) {
                ChatTemplate chat = template(ModelConfig.read(folder.resolve("config.json")), tokenizer, options);
                Prefix prefix = chat.prefix("", grids).append(chat.afterVideo(""));
                // Texts differ: ours starts later, by as many positions as it has more tokens before the video.
                int theirs = IntStream.range(0, test.path("ids").size())
                        .filter(i -> test.path("ids").get(i).asInt()
                                == golden.path("videoToken").asInt())
                        .findFirst()
                        .orElseThrow();
                int ours = prefix.visualSlots()[0];
                int after = prefix.visualSlots().length + 2;
                for (int axis = 0; axis < 3; axis++) {
                    for (int i = 0; i < after; i++) {
                        assertEquals(
                                test.path("positions").get(axis).get(theirs + i).asLong() + ours - theirs,
                                prefix.positions()[axis][ours + i],
                                version + " " + test.path("secondsPerGrid") + " place " + i);
                    }
                }
            }
            cases++;
        }
        assertEquals(6, cases);
    }

    private static PromptGrids grids(JsonNode expected) {
        int[] indices = ints(expected.path("indices"));
        int[] grid = ints(expected.path("grid"));
        double fps = CLIP.path("fps").asDouble();
        double[] times = new double[grid[0]];
        Arrays.setAll(times, i -> (indices[2 * i] + indices[Math.min(2 * i + 1, indices.length - 1)]) / fps / 2);
        return PromptGrids.all(
                times, GridSpacing.even(expected.path("secondPerGrid").asDouble()), grid[1] / 2, grid[2] / 2);
    }

    /** A grid that is dropped leaves the positions and timestamps of the others as they were. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl.utils", "qwen3vl.utils"})
    void droppedGridsLeaveTheOthersTheirTime(String name) throws IOException {
        JsonNode expected = CLIP.path("videos").path(name);
        PromptGrids all = grids(expected);
        PromptGrids kept = new PromptGrids(
                new int[] {0, 2},
                new double[] {all.timestamps()[0], all.timestamps()[2]},
                all.spacing(),
                all.height(),
                all.width());
        try (Tokenizer tokenizer = Tokenizer.load(Path.of("..", "models", "small", "tokenizer.json"))) {
            ChatTemplate chat = template(config(name), tokenizer, VideoOptions.DEFAULT);
            Prefix whole = chat.prefix("", all);
            Prefix dropped = chat.prefix("", kept);
            long[][] before = atSlots(whole);
            long[][] after = atSlots(dropped);
            int perGrid = all.height() * all.width();
            assertEquals(2 * perGrid, after[0].length);
            if (name.startsWith("qwen25vl")) {
                for (int axis = 0; axis < 3; axis++) {
                    assertArrayEquals(Arrays.copyOf(before[axis], perGrid), Arrays.copyOf(after[axis], perGrid));
                    assertArrayEquals(
                            Arrays.copyOfRange(before[axis], 2 * perGrid, 3 * perGrid),
                            Arrays.copyOfRange(after[axis], perGrid, 2 * perGrid));
                }
                assertEquals(whole.next(), dropped.next(), "the last grid decides where text goes on");
            } else {
                String text = tokenizer.decode(dropped.ids());
                String time = "<" + PromptTemplate.time(all.timestamps()[2]) + " seconds>";
                assertTrue(text.contains(tokenizer.decode(tokenizer.encode(time))), text);
                assertNotEquals(before[0][2 * perGrid], after[0][perGrid], "time is text, so positions move up");
            }
        }
    }

    private static long[][] atSlots(Prefix prefix) {
        long[][] positions = new long[3][];
        for (int axis = 0; axis < 3; axis++) {
            long[] all = prefix.positions()[axis];
            positions[axis] = Arrays.stream(prefix.visualSlots())
                    .mapToLong(slot -> all[slot])
                    .toArray();
        }
        return positions;
    }

    @Test
    void aMaskDecidesWhichGridsAreVisible() throws IOException {
        BitSet middle = new BitSet();
        middle.set(1);
        NativeRuntime.load();
        VideoOptions options = options(CLIP.path("videos").path("qwen25vl.hf"));
        PreprocessorConfig config = read(config("qwen25vl.hf"), options);
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo video = new VideoPreprocessor(config).load(VideoRef.whole(ROOT.resolve("clip.mp4")));
            GridFeatures features = new GridFeatures(2, 3, Tensors.zeros(3, 6, 1), List.of());
            EncodedVideo seen = new EncodedVideo(video.grids(), video.spacing(), features, null);
            assertArrayEquals(
                    new int[] {0, 2},
                    seen.visible(GridMask.of(middle, MaskMode.DROP)).indices());
            assertArrayEquals(
                    new int[] {0, 1, 2},
                    seen.visible(GridMask.of(middle, MaskMode.BLANK)).indices());
            double[] timestamps =
                    seen.visible(GridMask.of(middle, MaskMode.DROP)).timestamps();
            assertEquals(video.grids().grids().get(2).timestamp(), timestamps[1]);
        }
    }
}
