package org.videotg.models.preprocess;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VideoOptions.Preprocessing;
import org.videotg.models.config.VisionConfig;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.FrameSize;
import org.videotg.video.PixelBudget;

/**
 * How a checkpoint's videos are sampled, resized and cut into patches ({@code processor_config.json},
 * {@code video_preprocessor_config.json} or {@code preprocessor_config.json}). What the file leaves out has the
 * defaults of transformers 5.18 for the family.
 *
 * @param sampling which frames
 * @param colours how decoded pictures become RGB; as the decoders of the references do, unless the file has this
 *     project's own key {@code accurate_colours}
 * @param resizes applied in order; usually one
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

    /**
     * A family's settings for videos, used where neither the checkpoint's file nor the options say otherwise.
     *
     * @param preprocessing whose rules make frames of a video
     * @param sampling of {@link Preprocessing#HF}
     * @param budget of {@link Preprocessing#HF}
     * @param mean of each channel
     * @param std of each channel
     */
    public record Defaults(
            Preprocessing preprocessing,
            HfSampling sampling,
            BiFunction<JsonFields, VideoOptions, PixelBudget> budget,
            float[] mean,
            float[] std) {}

    /** Makes the rule by which {@link Preprocessing#HF} samples frames. */
    public interface HfSampling {
        FrameSampling of(double fps, int minFrames, int maxFrames);
    }

    /**
     * Reads a file as the video processors of Qwen's models do.
     *
     * @param file without fields where a checkpoint has none
     * @param options override the file
     */
    public static PreprocessorConfig read(JsonFields file, VisionConfig vision, VideoOptions options, Defaults family) {
        for (String step : List.of("do_resize", "do_rescale", "do_normalize")) {
            if (file.has(step) && !file.flag(step)) {
                throw new InputException(file.file() + ": " + step + " false is not supported; set it to true");
            }
        }
        if (file.has("num_frames")) {
            throw new InputException(file.file() + ": num_frames is not supported; set it to null and give fps");
        }
        try {
            PreprocessorConfig config = new PreprocessorConfig(
                    sampling(file, options, family),
                    file.flag("accurate_colours") ? FrameDecoder.Colours.ACCURATE : FrameDecoder.Colours.FAST,
                    resizes(file, vision, options, family),
                    file.integer("patch_size", vision.patchSize()),
                    file.integer("temporal_patch_size", vision.temporalPatchSize()),
                    file.integer("merge_size", vision.spatialMergeSize()),
                    file.floats("image_mean", family.mean),
                    file.floats("image_std", family.std));
            if (config.patchSize != vision.patchSize()
                    || config.temporalPatchSize != vision.temporalPatchSize()
                    || config.mergeSize != vision.spatialMergeSize()) {
                throw new IllegalArgumentException(
                        "patch_size, temporal_patch_size or merge_size differ from config.json");
            }
            return config;
        } catch (IllegalArgumentException e) {
            throw new InputException(file.file() + ": " + e.getMessage(), e);
        }
    }

    private static FrameSampling sampling(JsonFields file, VideoOptions options, Defaults family) {
        if (Objects.requireNonNullElse(options.preprocessing(), family.preprocessing) != Preprocessing.HF) {
            return new FrameSampling.Utils(
                    Objects.requireNonNullElse(options.fps(), 2.0),
                    Objects.requireNonNullElse(options.minFrames(), MIN_FRAMES),
                    Objects.requireNonNullElse(options.maxFrames(), MAX_FRAMES));
        }
        return family.sampling.of(
                Objects.requireNonNullElse(options.fps(), file.number("fps", 2)),
                Objects.requireNonNullElse(options.minFrames(), file.integer("min_frames", MIN_FRAMES)),
                Objects.requireNonNullElse(options.maxFrames(), file.integer("max_frames", MAX_FRAMES)));
    }

    private static List<Resize> resizes(JsonFields file, VisionConfig vision, VideoOptions options, Defaults family) {
        Preprocessing preprocessing = Objects.requireNonNullElse(options.preprocessing(), family.preprocessing);
        if (preprocessing == Preprocessing.HF) {
            if (options.totalPixels() != null) {
                throw new InputException(
                        "video option total_pixels does not exist with preprocessing=hf; use max_pixels");
            }
            return List.of(new Resize(ofProcessor(file, options, family), BicubicResizer.Rounding.EACH_AXIS));
        }
        PixelBudget.PerFrame utils = PixelBudget.PerFrame.ofUtils(vision.patchSize() * vision.spatialMergeSize());
        Resize first = new Resize(
                new PixelBudget.PerFrame(
                        Objects.requireNonNullElse(options.minPixels(), utils.minPixels()),
                        utils.frameMax(),
                        Objects.requireNonNullElse(options.totalPixels(), utils.total()),
                        Objects.requireNonNullElse(options.maxPixels(), utils.maxPixels())),
                BicubicResizer.Rounding.ONCE);
        return preprocessing == Preprocessing.UTILS
                ? List.of(first)
                : List.of(
                        first,
                        new Resize(ofProcessor(file, VideoOptions.DEFAULT, family), BicubicResizer.Rounding.NEVER));
    }

    private static PixelBudget ofProcessor(JsonFields file, VideoOptions options, Defaults family) {
        if (file.flag("cap_pixels_per_frame")) {
            throw new InputException(file.file() + ": cap_pixels_per_frame is not supported with preprocessing=hf; use "
                    + "preprocessing=utils, whose rule it imitates");
        }
        return family.budget.apply(file, options);
    }

    /** Returns the pixels of a merged unit's side. */
    public int factor() {
        return patchSize * mergeSize;
    }

    /** Returns the sizes of the frames after each resize. */
    public List<FrameSize> sizes(int frames, FrameSize source) {
        FrameSize[] sizes = new FrameSize[resizes.size()];
        FrameSize last = source;
        for (int i = 0; i < sizes.length; i++) {
            last = resizes.get(i).budget().frameSize(frames, last, temporalPatchSize, factor());
            sizes[i] = last;
        }
        return List.of(sizes);
    }

    /** Returns the pixel budget in words. */
    public String describeBudget() {
        return resizes.stream().map(resize -> resize.budget().toString()).collect(Collectors.joining(" then "));
    }

    /** Returns the settings in one line, for manifests. */
    public String describe() {
        return sampling + (colours == FrameDecoder.Colours.FAST ? " fast colours " : " ") + describeBudget() + " patch "
                + patchSize + "x" + patchSize + "x" + temporalPatchSize + " merge " + mergeSize;
    }
}
