package org.videotg.review;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.method.agent.Verdict;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.reflection.ReviewDecision.Choice;

/**
 * An annotation that Label Studio exports, and the decision that it states.
 *
 * @param moments in seconds from the clip's start, ascending
 * @param choice empty if none was made
 * @param cancelled whether the annotator skipped the task
 * @param reviewer the annotator's address, or a name with the number of the user
 * @param time as Label Studio writes it; null if it does not
 * @param withoutRanges regions that name no frames
 */
record LabelStudioAnnotation(
        List<Interval> moments,
        Optional<Choice> choice,
        boolean cancelled,
        String reviewer,
        String time,
        int withoutRanges) {
    private static final Comparator<Interval> ORDER =
            Comparator.comparingDouble(Interval::start).thenComparingDouble(Interval::end);

    /**
     * Reads an annotation.
     *
     * @param data of its task
     * @throws InputException if the task does not state the video's frames, or the choice is unknown
     */
    static LabelStudioAnnotation read(JsonNode data, JsonNode annotation, ReviewSample sample) {
        String where = "the task of sample \"" + sample.id() + "\"";
        FrameTimes times;
        try {
            times = new FrameTimes(
                    data.path("fps").asDouble(), data.path("frames").asInt());
        } catch (IllegalArgumentException e) {
            throw new InputException(where + ": " + e.getMessage() + "; export tasks that videotg has made", e);
        }
        Boundaries boundaries = new Boundaries(times, sample);
        List<Interval> moments = new ArrayList<>();
        Optional<Choice> choice = Optional.empty();
        int withoutRanges = 0;
        for (JsonNode result : annotation.path("result")) {
            JsonNode value = result.path("value");
            if (result.path("type").asText().equals("choices")
                    && result.path("from_name").asText().equals(LabelStudio.DECISION)) {
                choice = Optional.of(Json.convert(value.path("choices").path(0), Choice.class, where));
            } else if (result.path("type").asText().equals(LabelStudio.LABELS)) {
                int before = moments.size();
                for (JsonNode range : value.path("ranges")) {
                    if (range.path("start").isNumber() && range.path("end").isNumber()) {
                        moments.add(boundaries.moment(
                                range.path("start").asInt(), range.path("end").asInt()));
                    }
                }
                withoutRanges += moments.size() == before ? 1 : 0;
            }
        }
        moments.sort(ORDER);
        JsonNode by = annotation.path("completed_by");
        String user = by.isObject() ? by.path("email").asText(by.path("id").asText()) : by.asText();
        return new LabelStudioAnnotation(
                List.copyOf(moments),
                choice,
                annotation.path("was_cancelled").asBoolean(),
                user.contains("@") ? user : "label-studio " + user,
                annotation.path("updated_at").asText(null),
                withoutRanges);
    }

    /** Seconds of frames; a boundary on the frame of one that was shown is that one. */
    private static final class Boundaries {
        private final FrameTimes times;
        private final double clipStart;
        private final Map<Integer, Double> starts = new HashMap<>();
        private final Map<Integer, Double> ends = new HashMap<>();

        Boundaries(FrameTimes times, ReviewSample sample) {
            this.times = times;
            this.clipStart = sample.sample().clip().start();
            List<Interval> shown = new ArrayList<>(sample.sample().intervals());
            shown.addAll(sample.reflected());
            sample.predicted().forEach(shown::addAll);
            for (Interval interval : shown) {
                starts.putIfAbsent(times.frame(clipStart + interval.start()), interval.start());
                ends.putIfAbsent(times.frame(clipStart + interval.end()), interval.end());
            }
        }

        /** A range that was drawn by a single click is one frame long. */
        Interval moment(int start, int end) {
            int first = Math.min(start, end);
            int last = start == end ? end + 1 : Math.max(start, end);
            return new Interval(
                    starts.getOrDefault(first, rounded(times.start(first))),
                    ends.getOrDefault(last, rounded(times.end(last))));
        }

        private double rounded(double seconds) {
            return Math.round((seconds - clipStart) * 1e4) / 1e4;
        }
    }

    private boolean asAnnotated(ReviewSample sample) {
        return moments.equals(sample.sample().intervals().stream().sorted(ORDER).toList());
    }

    /** Returns why it states no decision; empty if it does. */
    Optional<String> refusal(ReviewSample sample) {
        double end = sample.sample().duration() + Clip.SLACK;
        if (cancelled) {
            return Optional.of("the annotator skipped the task");
        }
        if (choice.isEmpty() && moments.isEmpty()) {
            return Optional.of("no moment and no decision");
        }
        if (choice.equals(Optional.of(Choice.REPAIR)) && moments.isEmpty()) {
            return Optional.of("the decision repair without a moment");
        }
        if (choice.equals(Optional.of(Choice.KEEP)) && !moments.isEmpty() && !asAnnotated(sample)) {
            return Optional.of("the decision keep with other moments than the annotation's");
        }
        if (repairs() && moments.stream().anyMatch(span -> span.isEmpty() || span.start() < 0 || span.end() > end)) {
            return Optional.of("a moment outside the clip");
        }
        return Optional.empty();
    }

    private boolean repairs() {
        return choice.isEmpty() || choice.get() == Choice.REPAIR;
    }

    /** Returns the decision of an annotation that is not refused. */
    ReviewDecision decision(ReviewSample sample) {
        Choice decided = choice.orElse(asAnnotated(sample) ? Choice.KEEP : Choice.REPAIR);
        return new ReviewDecision(
                sample.id(),
                decided,
                decided == Choice.REPAIR ? moments : null,
                reviewer,
                time,
                Verdict.fingerprint(sample.sample()));
    }
}
