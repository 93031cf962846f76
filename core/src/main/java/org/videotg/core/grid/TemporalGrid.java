package org.videotg.core.grid;

import org.videotg.core.sample.Interval;

/**
 * A pair of sampled frames, seen by the model as one step of time.
 *
 * @param index from 0
 * @param timestamp mean time of the two frames in seconds: what the model reads as this grid's time
 * @param span the seconds this grid stands for; the spans of a video's grids tile [0, duration]
 */
public record TemporalGrid(int index, double timestamp, Interval span) {}
