package org.videotg.models.preprocess;

import org.bytedeco.pytorch.Tensor;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.video.SampledFrames;

/**
 * A video as the vision tower reads it.
 *
 * @param secondsPerGrid seconds from one grid to the next: temporal patch / sampled frames a second
 * @param height patches of a grid's height
 * @param width patches of a grid's width
 * @param patches [grids * height * width, patchDim], normalised, in merge-block order
 */
public record PatchedVideo(
        SampledFrames sampled, TemporalGrids grids, double secondsPerGrid, int height, int width, Tensor patches) {}
