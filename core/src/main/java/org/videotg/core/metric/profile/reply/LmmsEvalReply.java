package org.videotg.core.metric.profile.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.videotg.core.metric.profile.row.Span;

/**
 * lmms-eval's Charades-STA task: every "to" becomes a dash, also within words; only sentences that speak of a start, an end or a
 * happening count, if there are any; the first pair of the first kind that is found holds, its ends in ascending order. Source:
 * {@code extract_time} of EvolvingLMMs-Lab/lmms-eval tasks/charades_sta/utils.py.
 */
public final class LmmsEvalReply {
    private static final String EXAMPLE = "a specific example is : 20.8 - 30.0 seconds";
    private static final Pattern SENTENCES = Pattern.compile("[!?\n]");
    private static final List<String> KEYWORDS = List.of("start", "end", "happen");
    private static final String CLOCK = "([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)";
    private static final String START = "(?<!" + Scan.WORD + ")";
    private static final String END = "(?!" + Scan.WORD + ")";
    private static final String DASH = Scan.SPACE + "*+[\u2013-]" + Scan.SPACE + "*+";
    private static final Pattern CLOCKS = Pattern.compile(START + CLOCK + DASH + CLOCK + END);
    private static final Pattern PAIR = Pattern.compile(Scan.FRESH + Scan.STRICT + DASH + Scan.STRICT);
    private static final Pattern ONE_CLOCK = Pattern.compile(START + CLOCK + END);
    private static final Pattern NUMBER = Pattern.compile(START + "([0-9]++(?:\\.[0-9]++" + END + "|" + END + "))");
    private static final Pattern WITH_UNIT = Pattern.compile(Scan.FRESH + Scan.STRICT + Scan.SPACE + "*+s?+" + DASH
            + Scan.STRICT);

    private LmmsEvalReply() {}

    /** The first pair as a list of one; empty if there is none. */
    public static List<Span> read(String reply) {
        String text = Scan.asciiDigits(reply.toLowerCase(Locale.ROOT).replace(EXAMPLE, "").replace("to", "-"));
        List<String> sentences = List.of(SENTENCES.split(text, -1));
        List<String> telling = sentences.stream().filter(one -> KEYWORDS.stream().anyMatch(one::contains)).toList();
        List<String> candidates = telling.isEmpty() ? sentences : telling;
        Stream<List<Span>> found = Stream.of(CLOCKS, PAIR).map(pattern -> first(pattern, candidates));
        Stream<List<Span>> single = Stream.of(candidates).map(LmmsEvalReply::singles);
        Stream<List<Span>> unit = Stream.of(candidates).map(of -> first(WITH_UNIT, of));
        return Stream.of(found, single, unit).flatMap(kind -> kind).filter(spans -> !spans.isEmpty()).findFirst()
                .map(spans -> List.of(ascending(spans.get(0)))).orElse(List.of());
    }

    /** What the first sentence with a pair says. */
    private static List<Span> first(Pattern pattern, List<String> sentences) {
        for (String sentence : sentences) {
            var matcher = pattern.matcher(sentence);
            if (matcher.find()) {
                return List.of(new Span(Scan.clock(matcher.group(1)), Scan.clock(matcher.group(2))));
            }
        }
        return List.of();
    }

    /** Clock times of all sentences, else the first number of each. */
    private static List<Span> singles(List<String> sentences) {
        List<Span> clocks = Scan.inPairs(sentences.stream().flatMap(one -> Scan.all(ONE_CLOCK, one).stream()).map(Scan::clock)
                .toList());
        if (!clocks.isEmpty()) {
            return clocks;
        }
        List<Double> numbers = new ArrayList<>();
        for (String sentence : sentences) {
            var matcher = NUMBER.matcher(sentence);
            if (matcher.find()) {
                numbers.add(Double.valueOf(matcher.group(1)));
            }
        }
        return Scan.inPairs(numbers);
    }

    private static Span ascending(Span span) {
        return span.end() > span.start() ? span : span.swapped();
    }
}
