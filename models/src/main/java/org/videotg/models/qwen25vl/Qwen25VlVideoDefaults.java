package org.videotg.models.qwen25vl;

import java.util.Objects;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VideoOptions.Preprocessing;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.video.FrameSampling;
import org.videotg.video.PixelBudget;

/** What Qwen2.5-VL does with videos: by default as qwen-vl-utils, which its authors train and evaluate with. */
final class Qwen25VlVideoDefaults implements PreprocessorConfig.Family {
    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.UTILS;
    }

    @Override
    public FrameSampling sampling(double fps, int minFrames, int maxFrames) {
        return new FrameSampling.HfPairs(fps, minFrames, maxFrames);
    }

    @Override
    public PixelBudget budget(JsonFields file, VideoOptions options) {
        JsonFields size = file.sectionOrSelf("size");
        return new PixelBudget.EachFrame(
                Objects.requireNonNullElse(
                        options.minPixels(), file.whole("min_pixels", size.whole("shortest_edge", 128 * 28 * 28))),
                Objects.requireNonNullElse(
                        options.maxPixels(), file.whole("max_pixels", size.whole("longest_edge", 768 * 28 * 28))));
    }

    @Override
    public float[] mean() {
        return new float[] {0.48145466f, 0.4578275f, 0.40821073f};
    }

    @Override
    public float[] std() {
        return new float[] {0.26862954f, 0.26130258f, 0.27577711f};
    }
}
