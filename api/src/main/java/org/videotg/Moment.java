package org.videotg;

import java.util.Objects;
import org.videotg.core.sample.Interval;

/**
 * When something happens in a video.
 *
 * @param interval in seconds from the start of the file, also where only a part of the file was looked at
 */
public record Moment(Interval interval) {
    public Moment {
        Objects.requireNonNull(interval, "interval");
    }
}
