package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

/**
 * A model's replies to a sample that its annotation file brings, as TimeLens2 writes them: the field {@code rollouts} is
 * a list of replies, each a text such as {@code "[[1.0, 2.5]]"}, or that list itself, or one pair.
 *
 * @param replies as the file writes them
 * @param spans intervals of each reply, in seconds; empty if it has none. As in TimeLens2 (timelens/data/sources.py)
 *     only a reply that is the list and nothing else counts, and of its pairs those that end after they start
 */
public record Rollouts(List<String> replies, List<List<Interval>> spans) {
    /** Name of the field. */
    public static final String FIELD = "rollouts";

    private static final int LONGEST = 1 << 16;

    public Rollouts {
        replies = List.copyOf(replies);
        spans = spans.stream().map(List::copyOf).toList();
    }

    /** The rollouts of a sample; empty if it has none. */
    public static Optional<Rollouts> of(Sample sample) {
        JsonNode field = sample.extra().get(FIELD);
        if (field == null || field.isNull() || (field.isArray() && field.isEmpty())) {
            return Optional.empty();
        }
        List<JsonNode> items = new ArrayList<>();
        if (field.isArray()) {
            field.forEach(items::add);
        } else {
            items.add(field);
        }
        return Optional.of(new Rollouts(
                items.stream()
                        .map(item -> item.isTextual() ? item.asText() : item.toString())
                        .toList(),
                items.stream().map(Rollouts::spans).toList()));
    }

    private static List<Interval> spans(JsonNode item) {
        JsonNode list = item.isTextual() ? parsed(item.asText()) : item;
        if (list.isArray()
                && list.size() == 2
                && list.get(0).isNumber()
                && list.get(1).isNumber()) {
            return pair(list).map(List::of).orElse(List.of());
        }
        List<Interval> spans = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(pair -> pair(pair).ifPresent(spans::add));
        }
        return spans;
    }

    private static JsonNode parsed(String reply) {
        try {
            // Python's literals may be tuples.
            return reply.length() > LONGEST
                    ? Json.MAPPER.missingNode()
                    : Json.MAPPER.readTree(reply.strip().replace('(', '[').replace(')', ']'));
        } catch (JsonProcessingException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private static Optional<Interval> pair(JsonNode pair) {
        if (!pair.isArray() || pair.size() < 2 || !isTime(pair.get(0)) || !isTime(pair.get(1))) {
            return Optional.empty();
        }
        double start = pair.get(0).asDouble();
        double end = pair.get(1).asDouble();
        return start < end ? Optional.of(new Interval(start, end)) : Optional.empty();
    }

    private static boolean isTime(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.asDouble());
    }
}
