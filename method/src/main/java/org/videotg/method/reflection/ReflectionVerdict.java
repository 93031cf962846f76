package org.videotg.method.reflection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.method.agent.Verdict;

/**
 * What boundary reflection found out about one sample.
 *
 * @param spans the reflected spans R in seconds: query-relevant, outside the annotation
 * @param partial whether the sample is partially annotated
 * @param undecided whether too few replies could be parsed to decide; such a sample is kept, and counted
 * @param replies raw: texts for the form list; for probe {@code {"grid","time","yes"}} of every visible grid; empty if
 *        the annotation covers the whole video and nothing was asked
 * @param listed every span the model named, before the annotation was taken off
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReflectionVerdict(
        String id,
        List<Interval> spans,
        boolean partial,
        boolean undecided,
        JsonNode replies,
        ModelIdentity model,
        JsonNode settings,
        List<Interval> listed,
        String sample,
        @JsonProperty("usage") Cost cost,
        String error)
        implements Verdict {
    public ReflectionVerdict {
        Objects.requireNonNull(id, "\"id\" is missing");
        Objects.requireNonNull(spans, "\"spans\" is missing");
        spans = List.copyOf(spans);
        listed = listed == null ? spans : List.copyOf(listed);
        replies = replies == null ? Json.MAPPER.createArrayNode() : replies;
        cost = cost == null ? Cost.NONE : cost;
        if (partial && (undecided || spans.isEmpty())) {
            throw new IllegalArgumentException("a sample without reflected spans, or undecided, can't be partial");
        }
    }

    /**
     * How likely query-relevant moments lie outside the annotation, for the order of samples that pass: the highest
     * P(yes) of a probe, or the seconds of R for the form list. An undecided verdict is the most suspicious.
     */
    public double suspicion() {
        if (undecided) {
            return Double.POSITIVE_INFINITY;
        }
        return StreamSupport.stream(replies.spliterator(), false)
                .filter(reply -> reply.has("yes"))
                .mapToDouble(reply -> reply.get("yes").asDouble())
                .max()
                .orElseGet(() -> Intervals.length(spans));
    }
}
