package org.videotg.core.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One annotated question about one video.
 *
 * @param id unique within a data set
 * @param video path as written in the file (see {@link Samples#resolve})
 * @param clip the part of the file that it is about
 * @param duration of the video in seconds, as annotated; of a clip, the clip's
 * @param query the sentence (or the question, for {@link Task#GQA})
 * @param intervals the annotated intervals in seconds, from the clip's start; empty for "does not happen"
 * @param options the options of a multiple-choice question, else empty
 * @param answer letter of the right option ("A"...), or null
 * @param extra every other field of the row, kept as it was
 */
public record Sample(
        String id,
        String video,
        Clip clip,
        double duration,
        String query,
        List<Interval> intervals,
        Task task,
        List<String> options,
        String answer,
        Map<String, JsonNode> extra) {
    /** The field that is false where the data set withholds the intervals (test sets). */
    public static final String ANNOTATED = "annotated";

    public Sample {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(clip, "clip");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(task, "task");
        if (id.isBlank()) {
            throw new IllegalArgumentException("\"id\" is blank");
        }
        if (!(duration > 0) || Double.isInfinite(duration)) {
            throw new IllegalArgumentException("\"duration\" must be a positive number of seconds, not " + duration);
        }
        intervals = List.copyOf(intervals);
        options = List.copyOf(options);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A sample about a whole video. */
    public Sample(
            String id,
            String video,
            double duration,
            String query,
            List<Interval> intervals,
            Task task,
            List<String> options,
            String answer,
            Map<String, JsonNode> extra) {
        this(id, video, Clip.WHOLE, duration, query, intervals, task, options, answer, extra);
    }

    /** A grounding sample with nothing else said about it. */
    public static Sample vtg(String id, String video, double duration, String query, List<Interval> intervals) {
        return new Sample(id, video, duration, query, intervals, Task.VTG, List.of(), null, Map.of());
    }

    /** Whether the data set says when the query happens, or that it does not. */
    public boolean isAnnotated() {
        return !BooleanNode.FALSE.equals(extra.get(ANNOTATED));
    }

    /** The same sample with one more field of its own, or another value for it. */
    public Sample withExtra(String name, JsonNode value) {
        Map<String, JsonNode> more = new LinkedHashMap<>(extra);
        more.put(name, value);
        return new Sample(id, video, clip, duration, query, intervals, task, options, answer, more);
    }

    public Sample withIntervals(List<Interval> changed) {
        return new Sample(id, video, clip, duration, query, changed, task, options, answer, extra);
    }

    public Sample withId(String other) {
        return new Sample(other, video, clip, duration, query, intervals, task, options, answer, extra);
    }

    public Sample withVideo(String other) {
        return new Sample(id, other, clip, duration, query, intervals, task, options, answer, extra);
    }

    public Sample withClip(Clip other) {
        return new Sample(id, video, other, duration, query, intervals, task, options, answer, extra);
    }
}
