package org.videotg.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.videotg.benchmarks.profile.Arithmetic;
import org.videotg.benchmarks.profile.Difference;
import org.videotg.benchmarks.profile.Score;
import org.videotg.benchmarks.profile.ScoredRow;
import org.videotg.benchmarks.profile.Span;
import org.videotg.core.io.Json;

/** Scores and differences as people and programs read them. */
final class ScoreText {
    private static final String RUN = "metrics.json";
    /** Decimals of a metric for people. */
    private static final int DIGITS = 6;

    private ScoreText() {}

    /** A score with one metric a line. */
    static List<String> lines(Score score, String convention) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "profile %s: N %d, unparsable %d, missing %d",
                score.profile(),
                score.n(),
                score.unparsable(),
                score.missing()));
        lines.add("  (" + convention + ")");
        int width =
                score.metrics().keySet().stream().mapToInt(String::length).max().orElse(0);
        score.metrics()
                .forEach((name, value) -> lines.add(
                        String.format(Locale.ROOT, "  %-" + width + "s  %s", name, Arithmetic.fixed(value, DIGITS))));
        return lines;
    }

    /** Warns of a profile that reads fewer than half of the replies: they may be in the form of another prompt. */
    static Optional<String> unread(Score score, List<Path> predictions) {
        if (2 * score.unparsable() <= score.n() - score.missing()) {
            return Optional.empty();
        }
        return Optional.of("profile " + score.profile() + " can't read " + score.unparsable() + " of "
                + (score.n() - score.missing()) + " replies (" + provenance(predictions)
                + "); take a profile that fits the prompt with which they were asked for (docs/metrics.md)");
    }

    /** How the predictions were made, from {@code metrics.json} beside them, where {@code eval} writes it. */
    static String provenance(List<Path> predictions) {
        for (Path file : predictions) {
            Path run = file.toAbsolutePath().resolveSibling(RUN);
            if (Files.isRegularFile(run)) {
                JsonNode made = Json.read(run);
                if (made.hasNonNull("prompt") && made.hasNonNull("fps") && made.hasNonNull("pixelBudget")) {
                    return "prompt " + made.get("prompt").asText() + ", "
                            + made.get("fps").asText() + " fps, "
                            + made.get("pixelBudget").asText();
                }
            }
        }
        return "prompt, fps and pixel budget: not stated with the predictions";
    }

    /**
     * What two profiles do with the same rows: the numbers that both have, why rows differ, and every row that does.
     */
    static List<String> lines(Difference difference) {
        List<String> lines = new ArrayList<>();
        String first = difference.first().profile();
        String second = difference.second().profile();
        lines.add(first + " and " + second + " differ on " + difference.rows().size() + " of "
                + difference.first().rows().size() + " rows (below: percent of the rows that each counts)");
        lines.add(headline(difference.first()));
        lines.add(headline(difference.second()));
        difference.counts().forEach((reason, rows) -> lines.add("  " + rows + " rows: " + reason.title()));
        for (Difference.Row row : difference.rows()) {
            lines.add("  " + row.id() + ": " + first + " " + one(row.first()) + " | " + second + " " + one(row.second())
                    + " | " + row.reason().title());
        }
        return lines;
    }

    /** The same as one JSON object. */
    static ObjectNode json(Difference difference) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("first", difference.first().profile())
                .put("second", difference.second().profile());
        ObjectNode reasons = node.putObject("reasons");
        difference.counts().forEach((reason, rows) -> reasons.put(reason.title(), rows));
        ArrayNode rows = node.putArray("differences");
        for (Difference.Row row : difference.rows()) {
            ObjectNode one = rows.addObject()
                    .put("id", row.id())
                    .put("reason", row.reason().title());
            one.set("first", json(row.first()));
            one.set("second", json(row.second()));
        }
        return node;
    }

    private static ObjectNode json(ScoredRow row) {
        ObjectNode node =
                Json.MAPPER.createObjectNode().put("status", word(row)).put("parsed", row.parsed());
        ArrayNode used = node.putArray("used");
        row.match().used().forEach(span -> used.addArray().add(span.start()).add(span.end()));
        node.put("iou", Double.isFinite(row.match().iou()) ? row.match().iou() : null);
        ArrayNode hits = node.putArray("hits");
        row.match().hits().forEach(hits::add);
        if (row.right() != null) {
            node.put("right", row.right());
        }
        return row.note() == null ? node : node.put("note", row.note());
    }

    private static String headline(Score score) {
        return String.format(Locale.ROOT, "  %-18s ", score.profile())
                + Difference.headline(score).entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String one(ScoredRow row) {
        if (row.status() != ScoredRow.Status.SCORED) {
            return word(row) + note(row);
        }
        String used = row.match().used().isEmpty()
                ? "nothing"
                : row.match().used().stream().map(Span::title).collect(Collectors.joining(" "));
        String answer = row.right() == null ? "" : row.right() ? ", right" : ", wrong";
        return used + " IoU " + String.format(Locale.ROOT, "%.6f", row.match().iou()) + " passes "
                + row.match().hits() + answer + note(row);
    }

    private static String word(ScoredRow row) {
        return row.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String note(ScoredRow row) {
        return row.note() == null ? "" : " (" + row.note() + ")";
    }
}
