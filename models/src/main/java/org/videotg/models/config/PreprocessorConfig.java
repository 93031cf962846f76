package org.videotg.models.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.FrameSize;
import org.videotg.video.PixelBudget;

/**
 * How a checkpoint's videos are sampled, resized and cut into patches ({@code video_preprocessor_config.json}, or
 * {@code preprocessor_config.json}). What the file leaves out has the defaults of transformers 5.18 for the family.
 *
 * @param sampling which frames
 * @param colours how decoded pictures become RGB; as the decoders of the references do, unless the file has this project's own
 *     key {@code accurate_colours}
 * @param resizes one after the other; nearly always just one
 * @param mean of each channel, of values in [0, 1]
 * @param std of each channel
 */
public record PreprocessorConfig(
        FrameSampling sampling,
        FrameDecoder.Colours colours,
        List<Resize> resizes,
        int patchSize,
        int temporalPatchSize,
        int mergeSize,
        float[] mean,
        float[] std) {
    private static final int MIN_FRAMES = 4;
    private static final int MAX_FRAMES = 768;

    /**
     * One resize of the frames.
     *
     * @param budget decides the size
     * @param rounding where values become 8 bits
     */
    public record Resize(PixelBudget budget, BicubicResizer.Rounding rounding) {}

    public PreprocessorConfig {
        resizes = List.copyOf(resizes);
    }

    /** Reads the folder's file; a folder without one has the defaults. What {@code options} ask for wins over both. */
    public static PreprocessorConfig read(Path folder, QwenVlConfig model, VideoOptions options) {
        Path file = folder.resolve("video_preprocessor_config.json");
        if (!Files.exists(file)) {
            file = folder.resolve("preprocessor_config.json");
        }
        VisionConfig vision = model.vision();
        ConfigFields fields =
                new ConfigFields(file, Files.exists(file) ? Json.read(file) : Json.MAPPER.createObjectNode());
        try {
            PreprocessorConfig config = new PreprocessorConfig(
                    sampling(model.family(), fields, options),
                    fields.flag("accurate_colours") ? FrameDecoder.Colours.ACCURATE : FrameDecoder.Colours.FAST,
                    resizes(model, fields, options),
                    fields.integer("patch_size", vision.patchSize()),
                    fields.integer("temporal_patch_size", vision.temporalPatchSize()),
                    fields.integer("merge_size", vision.spatialMergeSize()),
                    fields.floats("image_mean", mean(model.family())),
                    fields.floats("image_std", std(model.family())));
            if (config.patchSize != vision.patchSize()
                    || config.temporalPatchSize != vision.temporalPatchSize()
                    || config.mergeSize != vision.spatialMergeSize()) {
                throw new IllegalArgumentException(
                        "patch_size, temporal_patch_size or merge_size differ from config.json");
            }
            return config;
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    private static FrameSampling sampling(ModelFamily family, ConfigFields file, VideoOptions options) {
        if (options.preprocessing(family) != Preprocessing.HF) {
            return new FrameSampling.Utils(
                    given(options.fps(), 2.0),
                    given(options.minFrames(), MIN_FRAMES),
                    given(options.maxFrames(), MAX_FRAMES));
        }
        double fps = given(options.fps(), file.number("fps", 2));
        int least = given(options.minFrames(), file.integer("min_frames", MIN_FRAMES));
        int most = given(options.maxFrames(), file.integer("max_frames", MAX_FRAMES));
        return switch (family) {
            case QWEN2_5_VL -> new FrameSampling.HfPairs(fps, least, most);
            case QWEN3_VL -> new FrameSampling.Hf(fps, least, most);
        };
    }

    private static List<Resize> resizes(QwenVlConfig model, ConfigFields file, VideoOptions options) {
        Preprocessing preprocessing = options.preprocessing(model.family());
        if (preprocessing == Preprocessing.HF) {
            if (options.totalPixels() != null) {
                throw new InputException(
                        "video option total_pixels does not exist with preprocessing=hf; use max_pixels");
            }
            return List.of(new Resize(ofProcessor(model.family(), file, options), BicubicResizer.Rounding.EACH_AXIS));
        }
        PixelBudget.PerFrame utils = PixelBudget.PerFrame.ofUtils(
                model.vision().patchSize() * model.vision().spatialMergeSize());
        Resize first = new Resize(
                new PixelBudget.PerFrame(
                        given(options.minPixels(), utils.minPixels()),
                        utils.frameMax(),
                        given(options.totalPixels(), utils.total()),
                        given(options.maxPixels(), utils.maxPixels())),
                BicubicResizer.Rounding.ONCE);
        return preprocessing == Preprocessing.UTILS
                ? List.of(first)
                : List.of(
                        first,
                        new Resize(
                                ofProcessor(model.family(), file, VideoOptions.NONE), BicubicResizer.Rounding.NEVER));
    }

    private static PixelBudget ofProcessor(ModelFamily family, ConfigFields file, VideoOptions options) {
        if (file.flag("cap_pixels_per_frame")) {
            throw new InputException(file.file() + ": cap_pixels_per_frame is not supported with preprocessing=hf; use "
                    + "preprocessing=utils, whose rule it imitates");
        }
        ConfigFields size = file.sectionOrSelf("size");
        return switch (family) {
            case QWEN2_5_VL ->
                new PixelBudget.EachFrame(
                        given(
                                options.minPixels(),
                                file.whole("min_pixels", size.whole("shortest_edge", 128 * 28 * 28))),
                        given(
                                options.maxPixels(),
                                file.whole("max_pixels", size.whole("longest_edge", 768 * 28 * 28))));
            case QWEN3_VL ->
                new PixelBudget.WholeClip(
                        given(options.minPixels(), size.whole("shortest_edge", 4096)),
                        given(options.maxPixels(), size.whole("longest_edge", 25_165_824)));
        };
    }

    private static <T> T given(T option, T fallback) {
        return option == null ? fallback : option;
    }

    private static float[] mean(ModelFamily family) {
        return switch (family) {
            case QWEN2_5_VL -> new float[] {0.48145466f, 0.4578275f, 0.40821073f};
            case QWEN3_VL -> new float[] {0.5f, 0.5f, 0.5f};
        };
    }

    private static float[] std(ModelFamily family) {
        return switch (family) {
            case QWEN2_5_VL -> new float[] {0.26862954f, 0.26130258f, 0.27577711f};
            case QWEN3_VL -> new float[] {0.5f, 0.5f, 0.5f};
        };
    }

    /** Pixels of a merged unit's side. */
    public int factor() {
        return patchSize * mergeSize;
    }

    /** Sizes of the frames after each resize. */
    public List<FrameSize> sizes(int frames, FrameSize source) {
        FrameSize[] sizes = new FrameSize[resizes.size()];
        FrameSize last = source;
        for (int i = 0; i < sizes.length; i++) {
            last = resizes.get(i).budget().frameSize(frames, last, temporalPatchSize, factor());
            sizes[i] = last;
        }
        return List.of(sizes);
    }

    /** The pixel budget in words. */
    public String describeBudget() {
        return resizes.stream().map(resize -> resize.budget().toString()).collect(Collectors.joining(" then "));
    }

    /** The settings in one line, for manifests. */
    public String describe() {
        return sampling + (colours == FrameDecoder.Colours.FAST ? " fast colours " : " ") + describeBudget() + " patch "
                + patchSize + "x" + patchSize + "x" + temporalPatchSize + " merge " + mergeSize;
    }
}
