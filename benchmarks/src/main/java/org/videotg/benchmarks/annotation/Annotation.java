package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * What one row (or one sentence of one video) of an annotation file says. It is a {@link Sample} whose video has not been found
 * yet and whose duration may be unknown.
 *
 * @param id unique within the file; where the file gives none: the video's name, {@code #}, and the sentence's number from 0
 * @param video name or path as the file writes it
 * @param besideFile whether a relative {@code video} is meant from the file's own folder, as in files that this project writes
 * @param clip the part of the video file that it is about
 * @param duration of the video (of the clip, if {@link #isClip}) in seconds; empty if the file does not say it
 * @param query the sentence or question, without white space around it
 * @param intervals annotated, in seconds (from the clip's start, if {@link #isClip}), as they are written
 * @param options texts of the options without their letters, else empty
 * @param answer letter of the right option, or null
 * @param fields everything else that the row says
 */
public record Annotation(
        String id,
        String video,
        boolean besideFile,
        Clip clip,
        OptionalDouble duration,
        String query,
        List<Interval> intervals,
        Task task,
        List<String> options,
        String answer,
        Map<String, JsonNode> fields) {
    public Annotation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(clip, "clip");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(task, "task");
        intervals = List.copyOf(intervals);
        options = List.copyOf(options);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** What a row says about a whole video. */
    public Annotation(
            String id,
            String video,
            boolean besideFile,
            OptionalDouble duration,
            String query,
            List<Interval> intervals,
            Task task,
            List<String> options,
            String answer,
            Map<String, JsonNode> fields) {
        this(id, video, besideFile, Clip.WHOLE, duration, query, intervals, task, options, answer, fields);
    }

    /** A sentence with one interval and nothing else said about it. */
    public static Annotation sentence(
            String id, String video, OptionalDouble duration, String query, Interval interval) {
        return new Annotation(
                id, video, false, duration, query, List.of(interval), Task.VTG, List.of(), null, Map.of());
    }

    /** The sample as it stands in a file of ours. */
    public static Annotation of(Sample sample) {
        return new Annotation(
                sample.id(),
                sample.video(),
                true,
                sample.clip(),
                OptionalDouble.of(sample.duration()),
                sample.query(),
                sample.intervals(),
                sample.task(),
                sample.options(),
                sample.answer(),
                sample.extra());
    }

    /**
     * The sample, now that its duration is known.
     *
     * @throws IllegalStateException if it is not
     */
    public Sample sample() {
        double seconds = duration.orElseThrow(() -> new IllegalStateException("no duration: " + id));
        return new Sample(id, video, clip, seconds, query, intervals, task, options, answer, fields);
    }

    /** Whether it is about a part of the video file only. */
    public boolean isClip() {
        return !clip.isWhole();
    }

    /** Whether the file says when the query happens, or that it does not. */
    public boolean isAnnotated() {
        return !BooleanNode.FALSE.equals(fields.get(Sample.ANNOTATED));
    }

    public Annotation withVideo(String found) {
        return new Annotation(id, found, besideFile, clip, duration, query, intervals, task, options, answer, fields);
    }

    public Annotation withClip(Clip other) {
        return new Annotation(id, video, besideFile, other, duration, query, intervals, task, options, answer, fields);
    }

    public Annotation withDuration(double seconds) {
        return new Annotation(
                id,
                video,
                besideFile,
                clip,
                OptionalDouble.of(seconds),
                query,
                intervals,
                task,
                options,
                answer,
                fields);
    }

    public Annotation withIntervals(List<Interval> changed) {
        return new Annotation(id, video, besideFile, clip, duration, query, changed, task, options, answer, fields);
    }

    public Annotation withField(String name, JsonNode value) {
        Map<String, JsonNode> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Annotation(id, video, besideFile, clip, duration, query, intervals, task, options, answer, more);
    }
}
