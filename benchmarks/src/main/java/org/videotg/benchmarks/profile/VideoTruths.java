package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;

/** Annotations in one object by video, TimeChat's list of annotations, and Charades-STA's lines. */
final class VideoTruths {
    private VideoTruths() {}

    /** The format that an object shows; null if it holds no annotations. */
    static Format format(JsonNode object) {
        if (object.path("annotations").isArray()) {
            return Format.TIME_CHAT;
        }
        JsonNode first = object.isEmpty() ? object : object.elements().next();
        if (first.has("timestamps") && first.has("sentences")) {
            return first.has("fps") ? Format.TACOS : Format.VIDEO_KEYED;
        }
        return first.has("location")
                ? Format.NEXT_GQA
                : first.has("spans") && first.has("queries") ? Format.TIME_LENS : null;
    }

    static List<Truth> read(Format format, JsonNode object, String file) {
        if (format == Format.TIME_CHAT) {
            return listed(object.get("annotations"), file);
        }
        List<Truth> truths = new ArrayList<>();
        for (Map.Entry<String, JsonNode> video : object.properties()) {
            String where = file + ": video \"" + video.getKey() + "\"";
            switch (format) {
                case NEXT_GQA -> located(truths, video.getKey(), video.getValue(), where);
                case TIME_LENS -> sentences(truths, video.getKey(), video.getValue(), "spans", "queries", where);
                default -> sentences(truths, video.getKey(), video.getValue(), "timestamps", "sentences", where);
            }
        }
        return truths;
    }

    /** Rows {@code 3MSZA 24.3 30.4##person turn a light on.} Other projects number them by line, or grouped by video. */
    static List<Truth> charadesSta(String text, String file) {
        Map<String, List<Truth>> byVideo = new LinkedHashMap<>();
        List<Truth> inOrder = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.split("##", 2);
            String[] head = parts[0].strip().split("\\s+");
            if (parts.length != 2 || head.length != 3) {
                throw new InputException(
                        file + ":" + number + ": a row must be \"VIDEO START END##SENTENCE\", not \"" + line + "\"");
            }
            List<Truth> of = byVideo.computeIfAbsent(head[0], name -> new ArrayList<>());
            Span span = new Span(seconds(head[1], file, number), seconds(head[2], file, number));
            Truth truth = Truth.of(head[0] + "#" + of.size(), head[0], parts[1].strip(), null, List.of(span));
            of.add(truth);
            inOrder.add(truth);
        }
        Map<String, Integer> grouped = new LinkedHashMap<>();
        byVideo.values().forEach(of -> of.forEach(truth -> grouped.put(truth.id(), grouped.size())));
        List<Truth> truths = new ArrayList<>();
        for (Truth truth : inOrder) {
            truths.add(truth.withAliases(
                    String.valueOf(truths.size()),
                    truth.id().replace('#', '_'),
                    "charades_" + grouped.get(truth.id())));
        }
        return truths;
    }

    private static double seconds(String text, String file, int line) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new InputException(file + ":" + line + ": \"" + text + "\" is not a number of seconds", e);
        }
    }

    private static void sentences(
            List<Truth> truths, String video, JsonNode of, String times, String texts, String where) {
        JsonNode spans = of.path(times);
        JsonNode sentences = of.path(texts);
        if (spans.size() != sentences.size()) {
            throw new InputException(
                    where + " has " + spans.size() + " " + times + " and " + sentences.size() + " " + texts);
        }
        Double fps = Values.seconds(of, "fps");
        Double frames = Values.seconds(of, "num_frames");
        Double duration = frames == null || fps == null ? Values.seconds(of, "duration") : Double.valueOf(frames / fps);
        for (int i = 0; i < sentences.size(); i++) {
            List<Span> span = Values.spans(spans.get(i), where);
            List<Span> inSeconds = fps == null || frames == null
                    ? span
                    : span.stream()
                            .map(one -> new Span(one.start() / fps, one.end() / fps))
                            .toList();
            int place = truths.size();
            truths.add(
                    Truth.of(video + "#" + i, video, sentences.get(i).asText().strip(), duration, inSeconds)
                            .withAliases(video + "_" + i, "charades_" + place, "activitynet_" + place));
        }
    }

    private static void located(List<Truth> truths, String video, JsonNode of, String where) {
        for (Map.Entry<String, JsonNode> question : of.path("location").properties()) {
            truths.add(Truth.of(
                    video + "_" + question.getKey(),
                    video,
                    "",
                    Values.seconds(of, "duration"),
                    Values.spans(question.getValue(), where)));
        }
    }

    private static List<Truth> listed(JsonNode annotations, String file) {
        List<Truth> truths = new ArrayList<>();
        for (JsonNode row : annotations) {
            String where = file + ": annotation " + truths.size();
            truths.add(Truth.of(
                    Values.need(row, where, "id"),
                    Values.need(row, where, "image_id"),
                    Values.need(row, where, "caption"),
                    null,
                    Values.spans(row.path("timestamp"), where)));
        }
        return truths;
    }
}
