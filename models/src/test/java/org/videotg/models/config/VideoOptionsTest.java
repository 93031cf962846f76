package org.videotg.models.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.Golden;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFolder;
import org.videotg.models.PublishedConfigs;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameSampling;
import org.videotg.video.FrameSize;
import org.videotg.video.PixelBudget;

/** Options, the defaults of the families, and the sizes they lead to. */
class VideoOptionsTest {
    @TempDir
    Path folder;

    /** @param written to the folder */
    private PreprocessorConfig read(ModelConfig written, VideoOptions options) {
        ModelFolder.OpenSettings read = ModelFolder.OpenSettings.read(folder, Optional.empty(), options);
        assertEquals(written.vision(), read.config().vision());
        return read.preprocessor();
    }

    private ModelConfig config(String family) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(
                file,
                (family.equals("qwen3vl")
                                ? PublishedConfigs.qwen3(3, 256, 64, 8, true)
                                : PublishedConfigs.qwen25(2, 256, 64, 2, 2, 151936, 8))
                        .toString());
        return ModelConfig.read(file);
    }

    @Test
    void theFamiliesReadVideosAsTheirAuthorsDo() throws IOException {
        PreprocessorConfig qwen25 = read(config("qwen25vl"), VideoOptions.DEFAULT);
        assertEquals(FrameSampling.Utils.defaults(), qwen25.sampling());
        assertEquals(
                List.of(new PreprocessorConfig.Resize(PixelBudget.PerFrame.ofUtils(28), BicubicResizer.Rounding.ONCE)),
                qwen25.resizes());
        assertEquals(0.48145466f, qwen25.mean()[0]);
        PreprocessorConfig qwen3 = read(config("qwen3vl"), VideoOptions.DEFAULT);
        assertEquals(FrameSampling.Hf.defaults(), qwen3.sampling());
        assertEquals(
                List.of(new PreprocessorConfig.Resize(
                        new PixelBudget.WholeClip(131_072, 786_432), BicubicResizer.Rounding.EACH_AXIS)),
                qwen3.resizes());
        assertEquals(0.5f, qwen3.std()[2]);
    }

    /** The published files of Qwen2.5-VL have no section "size". */
    @Test
    void theProcessorOfTransformersReadsTheCheckpointsOwnBudget() throws IOException {
        Files.writeString(
                folder.resolve("preprocessor_config.json"), "{\"min_pixels\": 3136, \"max_pixels\": 12845056}");
        VideoOptions hf = VideoOptions.of(Map.of("preprocessing", "hf"));
        PreprocessorConfig read = read(config("qwen25vl"), hf);
        assertEquals(
                new PixelBudget.EachFrame(3136, 12_845_056),
                read.resizes().get(0).budget());
        assertEquals(new FrameSampling.HfPairs(2, 4, 768), read.sampling());
        Files.writeString(folder.resolve("preprocessor_config.json"), "{\"cap_pixels_per_frame\": true}");
        assertTrue(assertThrows(InputException.class, () -> read(config("qwen3vl"), hf))
                .getMessage()
                .contains("use preprocessing=utils"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl", "qwen3vl"})
    void sizesOfUtilsAreThoseOfTheReference(String family) throws IOException {
        int rows = 0;
        for (JsonNode row :
                Json.read(Golden.ROOT.resolve(family + "/preprocess.json")).path("utilsSizes")) {
            Map<String, String> given = new HashMap<>(Map.of("preprocessing", "utils"));
            row.path("options")
                    .properties()
                    .forEach(option ->
                            given.put(option.getKey(), option.getValue().asText()));
            PreprocessorConfig read = read(config(family), VideoOptions.of(given));
            FrameSize source =
                    new FrameSize(row.path("height").asInt(), row.path("width").asInt());
            FrameSize size = read.sizes(row.path("frames").asInt(), source).get(0);
            assertEquals(
                    List.of(
                            row.path("resized").get(0).asInt(),
                            row.path("resized").get(1).asInt()),
                    List.of(size.height(), size.width()),
                    row.toString());
            rows++;
        }
        assertTrue(rows >= 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "colour=red; unknown key \"colour\"; known: fps, max_frames",
                "max_frame=9; unknown key \"max_frame\"; did you mean \"max_frames\"? known: fps, max_frames",
                "preprocessing=best; \"preprocessing\": unknown value \"best\"; known: hf, utils, utils+hf",
                "fps=0; \"fps\" must be above 0, not 0.0",
                "fps=fast; \"fps\" must be a number, not \"fast\"",
                "min_frames=two; \"min_frames\" must be a whole number, not \"two\"",
                "max_pixels=0; \"max_pixels\" must be at least 1, not 0",
                "positions=mine; \"positions\": unknown value \"mine\"; known: qwen, transformers",
                "second_per_grid=-1; \"second_per_grid\": must be exact, whole or a number of at least 0, not \"-1\"",
                "second_per_grid=some; \"second_per_grid\": must be exact, whole or a number of at least 0",
                "outer_pair=maybe; \"outer_pair\" must be true or false"
            })
    void whatDoesNotFitIsSaidInOneLine(String option, String says) {
        String[] parts = option.split("=");
        String message = assertThrows(InputException.class, () -> VideoOptions.of(Map.of(parts[0], parts[1])))
                .getMessage();
        assertTrue(message.startsWith("video options: " + says) && !message.contains("\n"), message);
    }

    @Test
    void onlyWhatChangesThePromptIsDescribed() {
        assertEquals(
                "",
                VideoOptions.of(Map.of("fps", "1", "positions", "qwen", "second_per_grid", "exact"))
                        .describePrompt());
        assertEquals(
                "outer_pair=true positions=transformers second_per_grid=whole",
                VideoOptions.of(Map.of("outer_pair", "true", "positions", "transformers", "second_per_grid", "whole"))
                        .describePrompt());
        assertEquals(
                "chat_template=ignore",
                VideoOptions.of(Map.of("chat_template", "ignore")).describePrompt());
    }

    @Test
    void optionsAreRecordedAsTheyAreGiven() {
        Map<String, String> given = Map.of(
                "preprocessing", "utils+hf",
                "fps", "0.5",
                "min_frames", "4",
                "max_pixels", "12544",
                "total_pixels", "14680064",
                "second_per_grid", "whole",
                "outer_pair", "true",
                "chat_template", "ignore");
        assertEquals(given, VideoOptions.of(given).changed());
        assertEquals(
                Map.of("total_pixels", "20000000", "second_per_grid", "1.0"),
                VideoOptions.of(Map.of("total_pixels", "2e7", "second_per_grid", "1", "positions", "qwen"))
                        .changed());
    }
}
