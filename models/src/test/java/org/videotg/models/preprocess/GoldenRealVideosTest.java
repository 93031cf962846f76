package org.videotg.models.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.io.Json;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.ModelFolder;
import org.videotg.models.PublishedConfigs;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Real files under both programs' default settings against the statistics in {@code real_videos.json}, which {@code
 * bench/reference/golden_real.py} has made. If every pixel is within 6 grey levels of the reference's and 1 on average,
 * so are means and sorted values, which are what this test can hold.
 */
class GoldenRealVideosTest {
    private static final Path FOLDER = Path.of(Objects.requireNonNullElse(
            System.getenv("VIDEOTG_TEST_VIDEOS"),
            Path.of("..", "..", "shared", "data", "videos").toString()));
    private static final JsonNode GOLDEN = Json.read(Path.of("src/test/resources/golden/real_videos.json"));
    private static final double WORST = 6;
    private static final double ON_AVERAGE = 1;

    @TempDir
    Path folder;

    @BeforeAll
    static void needsTheFiles() {
        Assumptions.assumeTrue(
                Files.isDirectory(FOLDER),
                "SKIPPED: no real videos in " + FOLDER.toAbsolutePath().normalize()
                        + "; put the files that golden/real_videos.json names there, or set VIDEOTG_TEST_VIDEOS to their folder");
        NativeRuntime.load();
    }

    static Stream<Arguments> filesAndSettings() {
        return GOLDEN.path("videos").properties().stream()
                .flatMap(file -> file.getValue().properties().stream()
                        .map(setting -> Arguments.of(file.getKey(), setting.getKey())));
    }

    @ParameterizedTest
    @MethodSource("filesAndSettings")
    void framesGridAndStatisticsAreThoseOfTheReference(String file, String setting) throws IOException {
        Path video = FOLDER.resolve(file);
        assertTrue(Files.exists(video), video + " is missing, of which there are statistics");
        JsonNode expected = GOLDEN.path("videos").path(file).path(setting);
        assertFalse(expected.isMissingNode(), file + " has no statistics for " + setting);
        PreprocessorConfig config =
                config(setting, expected.path("preprocessing").asText());
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo patched = new VideoPreprocessor(config).load(VideoRef.whole(video));
            assertArrayEquals(ints(expected.path("indices")), patched.sampled().indices());
            assertArrayEquals(
                    ints(expected.path("grid")), new int[] {patched.grids().size(), patched.height(), patched.width()});
            assertEquals(
                    expected.path("secondPerGrid").asDouble(), patched.spacing().seconds(), 1e-12);
            assertStatistics(expected, new Pictures(config, patched));
        }
    }

    private PreprocessorConfig config(String setting, String preprocessing) throws IOException {
        ObjectNode model = setting.startsWith("qwen3vl")
                ? PublishedConfigs.qwen3(3, 256, 64, 8, true)
                : PublishedConfigs.qwen25(2, 256, 64, 2, 2, 461, 8);
        model.put("video_token_id", 460).put("vision_start_token_id", 456).put("vision_end_token_id", 457);
        Files.writeString(folder.resolve("config.json"), model.toString());
        if (setting.startsWith("qwen3vl")) {
            Files.writeString(
                    folder.resolve("video_preprocessor_config.json"),
                    "{\"size\": " + PublishedConfigs.QWEN3_SIZE + "}");
        }
        return ModelFolder.OpenSettings.read(
                        folder, Optional.empty(), VideoOptions.of(Map.of("preprocessing", preprocessing)))
                .preprocessor();
    }

    private static void assertStatistics(JsonNode expected, Pictures pictures) {
        Differences means = new Differences();
        JsonNode channelMeans = expected.path("channelMeans");
        assertEquals(pictures.count() * 3, channelMeans.size());
        for (int i = 0; i < channelMeans.size(); i++) {
            means.add(
                    channelMeans.get(i).asDouble(), pictures.mean(i / 3, i % 3, 0, pictures.height, 0, pictures.width));
        }
        means.check("means of whole frames", ON_AVERAGE);
        int[] frames = IntStream.empty().toArray();
        Differences blocks = new Differences();
        int raster = GOLDEN.path("raster").asInt();
        for (Map.Entry<String, JsonNode> block : expected.path("blockMeans").properties()) {
            int frame = Integer.parseInt(block.getKey());
            frames =
                    IntStream.concat(Arrays.stream(frames), IntStream.of(frame)).toArray();
            assertEquals(raster * raster * 3, block.getValue().size());
            for (int i = 0; i < block.getValue().size(); i++) {
                int row = i / 3 / raster;
                int column = i / 3 % raster;
                blocks.add(
                        block.getValue().get(i).asDouble(),
                        pictures.mean(
                                frame,
                                i % 3,
                                row * pictures.height / raster,
                                (row + 1) * pictures.height / raster,
                                column * pictures.width / raster,
                                (column + 1) * pictures.width / raster));
            }
        }
        blocks.check("means of cells", WORST);
        Differences quantiles = new Differences();
        for (Map.Entry<String, JsonNode> quantile : expected.path("quantiles").properties()) {
            int place = Integer.parseInt(quantile.getKey());
            assertEquals(frames.length * 3, quantile.getValue().size());
            for (int i = 0; i < quantile.getValue().size(); i++) {
                quantiles.add(quantile.getValue().get(i).asDouble(), pictures.sorted(frames[i / 3], i % 3)[place]);
            }
        }
        quantiles.check("quantiles", WORST);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    /** Distances between golden and own figures in grey levels. */
    private static final class Differences {
        private double worst;
        private double total;
        private int count;

        void add(double expected, double actual) {
            double off = Math.abs(expected - actual);
            worst = Math.max(worst, off);
            total += off;
            count++;
        }

        void check(String what, double most) {
            assertTrue(
                    count > 0 && worst <= most && total / count <= ON_AVERAGE,
                    what + ": off by " + worst + " grey levels, " + total / count + " on average of " + count);
        }
    }

    /** Grey levels of the frames, put together again from patches. */
    private static final class Pictures {
        private final PreprocessorConfig config;
        private final float[] patches;
        private final int grids;
        private final int height;
        private final int width;

        Pictures(PreprocessorConfig config, PatchedVideo video) {
            this.config = config;
            this.patches = Tensors.toFloats(video.patches());
            this.grids = video.grids().size();
            this.height = video.height() * config.patchSize();
            this.width = video.width() * config.patchSize();
        }

        int count() {
            return grids * config.temporalPatchSize();
        }

        private double level(int frame, int channel, int y, int x) {
            int side = config.patchSize();
            int merge = config.mergeSize();
            int depth = config.temporalPatchSize();
            int row = y / side;
            int column = x / side;
            int unit = row / merge * (width / side / merge) + column / merge;
            long patch = (long) frame / depth * (height / side) * (width / side)
                    + (long) unit * merge * merge
                    + row % merge * ((long) merge)
                    + column % merge;
            long at =
                    ((patch * 3 + channel) * depth + frame % depth) * side * side + y % side * ((long) side) + x % side;
            return 255 * (patches[Math.toIntExact(at)] * config.std()[channel] + config.mean()[channel]);
        }

        double mean(int frame, int channel, int top, int bottom, int left, int right) {
            double sum = 0;
            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    sum += level(frame, channel, y, x);
                }
            }
            return sum / ((long) (bottom - top) * (right - left));
        }

        double[] sorted(int frame, int channel) {
            return IntStream.range(0, height * width)
                    .mapToDouble(i -> level(frame, channel, i / width, i % width))
                    .sorted()
                    .toArray();
        }
    }
}
