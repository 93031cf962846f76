package org.videotg.app.inference;

import org.videotg.model.config.PreprocessorConfig;
import org.videotg.video.FrameSampling;

/**
 * How a checkpoint samples videos, as results state it.
 *
 * @param fps wanted frames per second of video
 * @param pixelBudget in words
 */
public record Sampling(double fps, String pixelBudget) {
    static Sampling of(PreprocessorConfig config) {
        double fps = config.sampling() instanceof FrameSampling.Hf hf ? hf.fps() : ((FrameSampling.Utils) config.sampling())
                .fps();
        return new Sampling(fps, config.budget().toString());
    }
}
