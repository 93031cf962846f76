package org.videotg.models.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.Json;
import org.videotg.models.Golden;
import org.videotg.models.ModelConfig;
import org.videotg.models.config.PositionScheme;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class SequenceBuilderTest {
    /** Ours are Qwen's; where those of transformers differ (trap 1), the flag gives them. */
    @ParameterizedTest
    @CsvSource({"qwen25vl/a", "qwen25vl/b", "qwen3vl/a", "qwen3vl/b"})
    void positionsAreThoseOfTheReferences(String checkpoint) {
        NativeRuntime.load();
        Path folder = Golden.ROOT.resolve(checkpoint);
        ModelConfig config = ModelConfig.read(folder.resolve("checkpoint/config.json"));
        ObjectNode described = Json.read(folder.resolve("cases.json"));
        described.set(
                "tokensPerSecond",
                Json.read(folder.resolve("checkpoint/config.json")).at("/vision_config/tokens_per_second"));
        Path file = folder.resolve("cases.safetensors");
        try (PointerScope scope = new PointerScope();
                SafetensorsFile cases = SafetensorsFile.open(file)) {
            for (String test : new String[] {"case1", "case2", "case3", "case4"}) {
                int[] ids = IntStream.of(ints(cases, test + ".input_ids")).toArray();
                assertPositions(
                        cases, test + ".position_ids", built(config, described, test, ids, PositionScheme.QWEN));
                boolean own = cases.names().contains(test + ".transformers.position_ids");
                assertPositions(
                        cases,
                        test + (own ? ".transformers" : "") + ".position_ids",
                        built(config, described, test, ids, PositionScheme.TRANSFORMERS));
            }
        }
    }

    private static int[] ints(SafetensorsFile cases, String name) {
        return Arrays.stream(Tensors.toLongs(cases.tensor(name)))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static void assertPositions(SafetensorsFile cases, String name, Prefix built) {
        for (int axis = 0; axis < 3; axis++) {
            assertArrayEquals(Tensors.toLongs(cases.tensor(name).select(0, axis)), built.positions()[axis], name);
        }
    }

    private static Prefix built(ModelConfig config, JsonNode described, String test, int[] ids, PositionScheme rule) {
        int merge = config.vision().spatialMergeSize();
        SequenceBuilder builder = new SequenceBuilder(rule);
        JsonNode videos = described.path("cases").path(test).path("videos");
        int run = 0;
        for (int i = 0; i < ids.length; ) {
            if (ids[i] != config.videoTokenId()) {
                builder.text(ids[i++]);
                continue;
            }
            int tokensPerSecond = described.path("tokensPerSecond").asInt();
            if (tokensPerSecond > 0) {
                String video = videos.get(run++).asText();
                JsonNode thw = described.path("videos").path(video);
                double seconds = described.path("secondsPerGrid").path(video).asDouble();
                long[] times = IntStream.range(0, thw.get(0).asInt())
                        .mapToLong(grid -> rule.time(grid, seconds, tokensPerSecond))
                        .toArray();
                builder.grids(
                        ids[i], times, thw.get(1).asInt() / merge, thw.get(2).asInt() / merge);
                i += times.length * thw.get(1).asInt() * thw.get(2).asInt() / (merge * merge);
            } else {
                JsonNode thw = ofGrid(described, videos, run++);
                builder.grid(ids[i], thw.get(1).asInt() / merge, thw.get(2).asInt() / merge);
                i += thw.get(1).asInt() * thw.get(2).asInt() / (merge * merge);
            }
        }
        return builder.build();
    }

    /** The video that the grid of that number, over all videos, belongs to. */
    private static JsonNode ofGrid(JsonNode described, JsonNode videos, int grid) {
        int left = grid;
        for (JsonNode video : videos) {
            JsonNode thw = described.path("videos").path(video.asText());
            if (left < thw.get(0).asInt()) {
                return thw;
            }
            left -= thw.get(0).asInt();
        }
        throw new AssertionError("more grids than the videos have");
    }

    @Test
    void whatFollowsAGridStartsBehindItsLargerSide() {
        Prefix prefix = new SequenceBuilder().text(1, 1).grid(9, 2, 3).text(1).build();
        assertArrayEquals(new long[] {0, 1, 2, 2, 2, 2, 2, 2, 5}, prefix.positions()[0]);
        assertArrayEquals(new long[] {0, 1, 2, 2, 2, 3, 3, 3, 5}, prefix.positions()[1]);
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 2, 3, 4, 5}, prefix.positions()[2]);
        assertArrayEquals(new int[] {2, 3, 4, 5, 6, 7}, prefix.visualSlots());
        assertEquals(6, prefix.next());
    }

    @Test
    void whatFollowsALongVideoStartsBehindItsLastTimeOrItsSide() {
        long[] times = {0, 4, 9};
        assertEquals(10, new SequenceBuilder().grids(9, times, 2, 3).build().next());
        assertEquals(
                3,
                new SequenceBuilder(PositionScheme.TRANSFORMERS)
                        .grids(9, times, 2, 3)
                        .build()
                        .next());
    }

    /** 0.7 * 2 * 5 is 7 in both references although 0.7 isn't a binary fraction: float32, then cut off. */
    @Test
    void timesAreCutOffInSinglePrecision() {
        assertEquals(7, PositionScheme.QWEN.time(2, 0.7, 5));
        assertEquals(7, PositionScheme.TRANSFORMERS.time(2, 0.7, 5));
        assertEquals(22, PositionScheme.QWEN.time(3, 3.7, 2));
    }

    @Test
    void suffixesAllStartWhereThePrefixEnds() {
        Prefix prefix = new SequenceBuilder().text(1, 2, 3).build();
        PackedRow row = new PackedRow(prefix, List.of(new int[] {4, 5}, new int[] {6}));
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, row.ids());
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 3}, row.positions()[2]);
        assertArrayEquals(new int[] {2, 3}, row.predictors(0));
        assertArrayEquals(new int[] {2}, row.predictors(1));
    }
}
