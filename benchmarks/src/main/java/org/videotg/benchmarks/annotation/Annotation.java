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
 * One row of an annotation file, or one sentence of one of its videos, as the file states it. It becomes a {@link
 * Sample} once its video is found and its duration is known.
 *
 * @param id unique within the file; where the file has none: the video's name, {@code #}, and the sentence's number
 *     from 0
 * @param video name or path as the file writes it
 * @param besideFile whether a relative {@code video} is relative to the file's own folder, as in files that this
 *     project writes
 * @param clip the part of the video file that the row is about
 * @param duration of the video (of the clip, if {@link #isClip}) in seconds; empty if the file does not state it
 * @param query the sentence or question, without white space around it; empty if it is in another file (NExT-GQA)
 * @param intervals annotated, in seconds (from the clip's start, if {@link #isClip}), as they are written
 * @param options texts of the options without their letters, else empty
 * @param answer letter of the right option, or null
 * @param fields everything else in the row
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

    /** A grounding query about a whole video; everything else is added by the withers. */
    public static Annotation of(String id, String video, String query) {
        OptionalDouble unknown = OptionalDouble.empty();
        return new Annotation(
                id, video, false, Clip.WHOLE, unknown, query, List.of(), Task.VTG, List.of(), null, Map.of());
    }

    /** The annotation that a sample of this project's jsonl states. */
    public static Annotation of(Sample sample) {
        OptionalDouble duration = OptionalDouble.of(sample.duration());
        return new Annotation(
                sample.id(),
                sample.video(),
                true,
                sample.clip(),
                duration,
                sample.query(),
                sample.intervals(),
                sample.task(),
                sample.options(),
                sample.answer(),
                sample.extra());
    }

    /**
     * The sample with the annotation's duration.
     *
     * @throws IllegalStateException if the duration is unknown
     */
    public Sample sample() {
        double seconds = duration.orElseThrow(() -> new IllegalStateException("no duration: " + id));
        return new Sample(id, video, clip, seconds, query, intervals, task, options, answer, fields);
    }

    /** Whether it is about a part of the video file only. */
    public boolean isClip() {
        return !clip.isWhole();
    }

    /** Whether the file states when the query happens, or that it does not. */
    public boolean isAnnotated() {
        return !BooleanNode.FALSE.equals(fields.get(Sample.ANNOTATED));
    }

    /** The name of a video without its folder and a suffix of up to four letters or digits. */
    public static String stem(String video) {
        return video.substring(video.lastIndexOf('/') + 1).replaceFirst("(?<=.)\\.[A-Za-z][A-Za-z0-9]{1,3}$", "");
    }

    public Annotation withVideo(String path) {
        return new Annotation(id, path, besideFile, clip, duration, query, intervals, task, options, answer, fields);
    }

    public Annotation withClip(Clip part) {
        return new Annotation(id, video, besideFile, part, duration, query, intervals, task, options, answer, fields);
    }

    public Annotation withDuration(OptionalDouble seconds) {
        return new Annotation(id, video, besideFile, clip, seconds, query, intervals, task, options, answer, fields);
    }

    public Annotation withQuery(String text) {
        return new Annotation(id, video, besideFile, clip, duration, text, intervals, task, options, answer, fields);
    }

    public Annotation withIntervals(List<Interval> pairs) {
        return new Annotation(id, video, besideFile, clip, duration, query, pairs, task, options, answer, fields);
    }

    /** The same row with a right option, which may be null. With options it is a question. */
    public Annotation withAnswer(List<String> texts, String letter) {
        Task kind = texts.isEmpty() ? task : Task.GQA;
        return new Annotation(id, video, besideFile, clip, duration, query, intervals, kind, texts, letter, fields);
    }

    /** The same row with further fields, or other values for them. */
    public Annotation withFields(Map<String, JsonNode> others) {
        Map<String, JsonNode> all = new LinkedHashMap<>(fields);
        all.putAll(others);
        return new Annotation(id, video, besideFile, clip, duration, query, intervals, task, options, answer, all);
    }
}
