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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
import org.videotg.video.FrameSize;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoInfo;

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

    /**
     * Of videos of more frames than this, pixels are compared under one setting: the settings differ in sizes and
     * rounding, which the shorter videos show under all of them.
     */
    private static final int LONG = 64;

    private static final String OF_LONG = "qwen3vl.hf";

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
        VideoPreprocessor preprocessor = new VideoPreprocessor(config);
        SampledFrames sampled = preprocessor.sample(VideoRef.whole(video));
        assertArrayEquals(ints(expected.path("indices")), sampled.indices());
        VideoInfo info = sampled.info();
        List<FrameSize> sizes = config.sizes(sampled.count(), new FrameSize(info.height(), info.width()));
        FrameSize size = sizes.get(sizes.size() - 1);
        int[] grid = {
            (sampled.count() + 1) / config.temporalPatchSize(),
            size.height() / config.patchSize(),
            size.width() / config.patchSize()
        };
        assertArrayEquals(ints(expected.path("grid")), grid);
        assertEquals(
                expected.path("secondPerGrid").asDouble(), config.temporalPatchSize() / sampled.sampleFps(), 1e-12);
        if (sampled.count() > LONG && !setting.equals(OF_LONG)) {
            return;
        }
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo patched = preprocessor.load(VideoRef.whole(video));
            assertArrayEquals(grid, new int[] {patched.grids().size(), patched.height(), patched.width()});
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
        int raster = GOLDEN.path("raster").asInt();
        JsonNode channelMeans = expected.path("channelMeans");
        JsonNode blockMeans = expected.path("blockMeans");
        JsonNode quantiles = expected.path("quantiles");
        assertEquals(pictures.count() * 3, channelMeans.size());
        assertTrue(blockMeans.size() > 0 && quantiles.size() > 0);
        List<String> sampled =
                blockMeans.properties().stream().map(Map.Entry::getKey).toList();
        quantiles.forEach(values -> assertEquals(sampled.size() * 3, values.size()));
        blockMeans.forEach(values -> assertEquals(raster * raster * 3, values.size()));
        Differences means = new Differences();
        Differences blocks = new Differences();
        Differences ordered = new Differences();
        for (int i = 0; i < channelMeans.size(); i++) {
            int frame = i / 3;
            int channel = i % 3;
            float[] levels = pictures.levels(frame, channel);
            means.add(channelMeans.get(i).asDouble(), pictures.mean(levels, 0, 1, 0, 1));
            int place = sampled.indexOf(String.valueOf(frame));
            if (place < 0) {
                continue;
            }
            for (int cell = 0; cell < raster * raster; cell++) {
                blocks.add(
                        blockMeans
                                .path(String.valueOf(frame))
                                .get(3 * cell + channel)
                                .asDouble(),
                        pictures.mean(levels, cell / raster, raster, cell % raster, raster));
            }
            Arrays.sort(levels);
            quantiles
                    .properties()
                    .forEach(quantile -> ordered.add(
                            quantile.getValue().get(3 * place + channel).asDouble(),
                            levels[Integer.parseInt(quantile.getKey())]));
        }
        means.check("means of whole frames", ON_AVERAGE);
        blocks.check("means of cells", WORST);
        ordered.check("quantiles", WORST);
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

        /** Returns the levels [height * width] of one channel of a frame, row by row. */
        float[] levels(int frame, int channel) {
            int side = config.patchSize();
            int merge = config.mergeSize();
            int depth = config.temporalPatchSize();
            int columns = width / side;
            float std = config.std()[channel];
            float mean = config.mean()[channel];
            float[] levels = new float[height * width];
            for (int row = 0; row < height / side; row++) {
                for (int column = 0; column < columns; column++) {
                    int unit = row / merge * (columns / merge) + column / merge;
                    int patch = frame / depth * (height / side) * columns
                            + unit * merge * merge
                            + row % merge * merge
                            + column % merge;
                    int from = ((patch * 3 + channel) * depth + frame % depth) * side * side;
                    for (int y = 0; y < side; y++) {
                        for (int x = 0; x < side; x++, from++) {
                            levels[(row * side + y) * width + column * side + x] = 255 * (patches[from] * std + mean);
                        }
                    }
                }
            }
            return levels;
        }

        /** Returns the mean of the cell at a row and column of {@code rows} and {@code columns}. */
        double mean(float[] levels, int row, int rows, int column, int columns) {
            double sum = 0;
            int count = 0;
            for (int y = row * height / rows; y < (row + 1) * height / rows; y++) {
                for (int x = column * width / columns; x < (column + 1) * width / columns; x++, count++) {
                    sum += levels[y * width + x];
                }
            }
            return sum / count;
        }
    }
}
