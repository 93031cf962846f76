package org.videotg.client;

import java.util.Locale;
import java.util.Map;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.FrameSize;
import org.videotg.video.PixelBudget;
import org.videotg.video.VideoInfo;

/**
 * How the clip is sampled and made smaller that is sent to a server: by the rules of qwen-vl-utils, but no frame is
 * enlarged. Named as the video options of local models.
 */
record ClipSettings(
        @Setting(value = "frames sampled per second", defaultValue = "2", range = "above 0")
        double fps,

        @Setting(value = "least number of frames", key = "min_frames", defaultValue = "4", range = "at least 1")
        int minFrames,

        @Setting(value = "greatest number of frames", key = "max_frames", defaultValue = "768", range = "at least 2")
        int maxFrames,

        @Setting(value = "most pixels of a frame", key = "max_pixels", range = "at least 1")
        Long maxPixels,

        @Setting(value = "most pixels of all pairs of frames", key = "total_pixels", range = "above 0")
        Double totalPixels,

        @Setting(
                value = "sides of frames are multiples of it: 32 for Qwen3-VL, 28 for Qwen2.5-VL; default: by the"
                        + " model's name, or else 32",
                range = "at least 1")
        Integer factor,

        @Setting(
                value = "whether colours are those of the standard, as a checkpoint's own key of this name says, and"
                        + " not those of the usual decoders",
                key = "accurate_colours",
                defaultValue = "false")
        boolean accurateColours,

        @Setting(
                value = "whether transformers serve keeps Qwen3-VL's vision_start and vision_end around the whole"
                        + " video",
                key = "outer_pair",
                defaultValue = "false")
        boolean outerPair) {
    private static final ClipSettings DEFAULT = Settings.defaults(ClipSettings.class);
    private static final int QWEN25 = 28;
    private static final int QWEN3 = 32;

    ClipSettings {
        Settings.check(
                ClipSettings.class,
                fps,
                minFrames,
                maxFrames,
                maxPixels,
                totalPixels,
                factor,
                accurateColours,
                outerPair);
    }

    /**
     * Reads settings given as texts.
     *
     * @param model name, which tells the family
     */
    static ClipSettings of(Map<String, String> texts, String model) {
        ClipSettings read = Settings.change(DEFAULT, texts, "video options of a model behind a server");
        if (read.factor != null) {
            return read;
        }
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("2.5")) {
            return Settings.with(read, Map.of("factor", QWEN25));
        }
        return name.contains("qwen3") ? Settings.with(read, Map.of("factor", QWEN3)) : read;
    }

    /** Returns the number of which sides of frames are multiples. */
    int side() {
        return factor == null ? QWEN3 : factor;
    }

    /** Returns whether every pair of frames has its own vision_start and vision_end, as in Qwen3-VL. */
    boolean pairsHaveBounds() {
        return side() == QWEN3;
    }

    /** Returns whether the model is one of Qwen3-VL, and not only taken for one for lack of a telling name. */
    boolean isQwen3() {
        return factor != null && factor == QWEN3;
    }

    FrameSampling sampling() {
        return new FrameSampling.Utils(fps, minFrames, maxFrames);
    }

    /** Returns the size of the frames that are sent. */
    FrameSize size(int frames, VideoInfo info) {
        FrameSize source = new FrameSize(info.height(), info.width());
        FrameSize target = budget().frameSize(frames, source, 2, side());
        return (long) target.height() * target.width() < (long) source.height() * source.width() ? target : source;
    }

    PixelBudget budget() {
        PixelBudget.PerFrame utils = PixelBudget.PerFrame.ofUtils(side());
        return new PixelBudget.PerFrame(
                Math.min(utils.minPixels(), maxPixels == null ? Long.MAX_VALUE : maxPixels),
                utils.frameMax(),
                totalPixels == null ? utils.total() : totalPixels,
                maxPixels == null ? utils.maxPixels() : maxPixels);
    }

    FrameDecoder.Colours colours() {
        return accurateColours ? FrameDecoder.Colours.ACCURATE : FrameDecoder.Colours.FAST;
    }

    /** Returns the settings in one line, as verdicts record them. */
    String describe() {
        return sampling() + " " + budget() + " factor " + side() + (accurateColours ? " accurate colours" : "")
                + (outerPair ? " outer pair" : "");
    }
}
