package org.videotg.app.inference;

import org.videotg.models.preprocess.PreprocessorConfig;

/**
 * How a checkpoint samples videos, as results state it.
 *
 * @param fps wanted frames per second of video
 * @param pixelBudget in words
 */
public record Sampling(double fps, String pixelBudget) {
    static Sampling of(PreprocessorConfig config) {
        return new Sampling(config.sampling().fps(), config.describeBudget());
    }
}
