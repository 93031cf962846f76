package org.videotg.benchmarks.profile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An annotated row, as far as evaluators read it.
 *
 * @param id by which prediction files name it
 * @param aliases other names of the row, such as {@code charades_17} for the 18th row in Time-R1's files
 * @param video as the file names it
 * @param query the sentence or question
 * @param duration of the video in seconds; null if the file does not say it
 * @param spans annotated, in seconds
 * @param options of a multiple-choice question; empty if there are none, or the file does not say them
 * @param answer letter of the right option; null likewise
 * @param type of a question of NExT-QA, else null
 * @param saliency of QVHighlights, else null
 */
public record Truth(
        String id,
        Set<String> aliases,
        String video,
        String query,
        Double duration,
        List<Span> spans,
        List<String> options,
        String answer,
        String type,
        Saliency saliency) {
    public Truth {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(query, "query");
        aliases = Set.copyOf(aliases);
        spans = List.copyOf(spans);
        options = List.copyOf(options);
    }

    /** A row of grounding with nothing else said about it. */
    public static Truth of(String id, String video, String query, Double duration, List<Span> spans) {
        return new Truth(id, Set.of(), video, query, duration, spans, List.of(), null, null, null);
    }

    public Truth withAliases(String... names) {
        return new Truth(id, Set.of(names), video, query, duration, spans, options, answer, type, saliency);
    }

    public Truth withDuration(Double seconds) {
        return new Truth(id, aliases, video, query, seconds, spans, options, answer, type, saliency);
    }

    public Truth withAnswer(List<String> choices, String letter, String kind) {
        return new Truth(id, aliases, video, query, duration, spans, choices, letter, kind, saliency);
    }

    public Truth withSaliency(Saliency scores) {
        return new Truth(id, aliases, video, query, duration, spans, options, answer, type, scores);
    }

    /** Every name of the row: id, aliases, and {@link #triple}. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(aliases);
        names.add(id);
        if (!spans.isEmpty()) {
            names.add(triple(video, query, spans.get(0)));
        }
        return names;
    }

    /** The name of a row in files that have no ids: video without folder and suffix, plain query, truth. */
    public static String triple(String video, String query, Span truth) {
        return stem(video) + ">>>" + plain(query) + ">>>" + truth;
    }

    /** A query without superfluous white space and full stops at its ends. */
    public static String plain(String query) {
        return query.replaceAll("\\s+", " ")
                .strip()
                .replaceAll("^\\.++|(?<!\\.)\\.++$", "")
                .strip();
    }

    /** A video's name without folder and suffix of up to four letters or digits. */
    public static String stem(String video) {
        String name = video.substring(video.lastIndexOf('/') + 1);
        return name.replaceFirst("(?<=.)\\.[A-Za-z][A-Za-z0-9]{1,3}$", "");
    }
}
