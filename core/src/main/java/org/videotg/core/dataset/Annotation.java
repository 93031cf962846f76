package org.videotg.core.dataset;

import java.util.Objects;
import java.util.OptionalDouble;
import org.videotg.core.interval.Interval;

/**
 * One sentence of a published annotation file.
 *
 * @param id unique within the file: the video's name, {@code #}, and the sentence's number among those of this video, from 0
 * @param video the video's name, without folder and suffix
 * @param duration of the video in seconds; empty if the file does not say it
 * @param query the sentence, without white space around it
 * @param interval annotated, in seconds, as it is written
 */
public record Annotation(String id, String video, OptionalDouble duration, String query, Interval interval) {
    public Annotation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(interval, "interval");
    }
}
