package org.videotg.method.reflection;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.method.reflection.ReviewDecision.Choice;

/**
 * The decisions of all reviewers, and what they agree on; defined by this project. Of each reviewer the last row about a
 * sample counts.
 */
public final class Decisions {
    /** Nobody has decided anything. */
    public static final Decisions NONE = of(List.of());

    private final Map<String, Map<String, ReviewDecision>> bySample;

    private Decisions(Map<String, Map<String, ReviewDecision>> bySample) {
        this.bySample = bySample;
    }

    /** The decisions of rows in their order. */
    public static Decisions of(List<ReviewDecision> rows) {
        Map<String, Map<String, ReviewDecision>> bySample = new LinkedHashMap<>();
        for (ReviewDecision row : rows) {
            Map<String, ReviewDecision> byReviewer =
                    bySample.computeIfAbsent(row.id(), unused -> new LinkedHashMap<>());
            if (row.choice() == Choice.WITHDRAWN) {
                byReviewer.remove(row.reviewer());
            } else {
                byReviewer.put(row.reviewer(), row);
            }
        }
        bySample.values().removeIf(Map::isEmpty);
        return new Decisions(bySample);
    }

    /**
     * Reads a file of decisions.
     *
     * @throws org.videotg.core.io.InputException naming file and line of the first bad row
     */
    public static Decisions read(Path file) {
        return of(rows(Jsonl.read(file)));
    }

    /** The decisions of stored rows. */
    public static List<ReviewDecision> rows(List<Jsonl.Row> rows) {
        return rows.stream()
                .map(row -> Json.convert(row.node(), ReviewDecision.class, row.where()))
                .toList();
    }

    public boolean isEmpty() {
        return bySample.isEmpty();
    }

    /** The ids of samples about which somebody has decided. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(bySample.keySet());
    }

    /** The last decision of each reviewer about a sample, in the order in which they first decided. */
    public Collection<ReviewDecision> about(String id) {
        return Collections.unmodifiableCollection(
                bySample.getOrDefault(id, Map.of()).values());
    }

    /**
     * What most reviewers of a sample have decided; those who can't tell have no vote. Several repairs become the
     * moments that more than half of them name.
     *
     * @return empty if nobody has decided, as many say something else, or the repairs have no moment in common
     */
    public Optional<ReviewDecision> agreed(String id) {
        Map<Choice, List<ReviewDecision>> votes = about(id).stream()
                .filter(decision -> decision.choice() != Choice.UNSURE)
                .collect(Collectors.groupingBy(ReviewDecision::choice));
        int most = votes.values().stream().mapToInt(List::size).max().orElse(0);
        List<List<ReviewDecision>> winners =
                votes.values().stream().filter(vote -> vote.size() == most).toList();
        return winners.size() == 1 ? joined(winners.get(0)) : Optional.empty();
    }

    private static Optional<ReviewDecision> joined(List<ReviewDecision> same) {
        List<List<Interval>> repairs = new ArrayList<>();
        same.stream()
                .map(ReviewDecision::intervals)
                .filter(spans -> spans != null)
                .forEach(repairs::add);
        ReviewDecision first = same.get(0);
        if (repairs.size() < 2) {
            return same.stream()
                    .filter(decision -> decision.intervals() != null)
                    .findFirst()
                    .or(() -> Optional.of(first));
        }
        List<Interval> common = ReflectionRules.vote(repairs, 0.5, Double.MAX_VALUE);
        return common.isEmpty()
                ? Optional.empty()
                : Optional.of(new ReviewDecision(first.id(), Choice.REPAIR, common, null, null, first.sample()));
    }

    /** The last decisions of each reviewer, by reviewer and sample. */
    public Map<String, Map<String, ReviewDecision>> byReviewer() {
        return bySample.values().stream()
                .flatMap(byReviewer -> byReviewer.values().stream())
                .collect(Collectors.groupingBy(
                        ReviewDecision::reviewer,
                        LinkedHashMap::new,
                        Collectors.toMap(ReviewDecision::id, Function.identity())));
    }
}
