package org.videotg.training.data;

import org.videotg.models.VisualTokens;
import org.videotg.models.sequence.Prefix;

/**
 * A prompt as a model reads it.
 *
 * @param visual its visual tokens, or null if every grid is dropped
 * @param maskRatio share of the video's grids that is masked
 */
public record Prompt(Prefix prefix, VisualTokens visual, double maskRatio) {}
