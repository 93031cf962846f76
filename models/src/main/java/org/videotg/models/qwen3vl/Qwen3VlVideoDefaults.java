package org.videotg.models.qwen3vl;

import java.util.Objects;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VideoOptions.Preprocessing;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.video.FrameSampling;
import org.videotg.video.PixelBudget;

/** What Qwen3-VL does with videos: by default as the processor of transformers 5.18. */
final class Qwen3VlVideoDefaults implements PreprocessorConfig.Family {
    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.HF;
    }

    @Override
    public FrameSampling sampling(double fps, int minFrames, int maxFrames) {
        return new FrameSampling.Hf(fps, minFrames, maxFrames);
    }

    @Override
    public PixelBudget budget(JsonFields file, VideoOptions options) {
        JsonFields size = file.sectionOrSelf("size");
        return new PixelBudget.WholeClip(
                Objects.requireNonNullElse(options.minPixels(), size.whole("shortest_edge", 4096)),
                Objects.requireNonNullElse(options.maxPixels(), size.whole("longest_edge", 25_165_824)));
    }

    @Override
    public float[] mean() {
        return new float[] {0.5f, 0.5f, 0.5f};
    }

    @Override
    public float[] std() {
        return new float[] {0.5f, 0.5f, 0.5f};
    }
}
