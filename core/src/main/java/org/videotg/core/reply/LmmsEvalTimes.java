package org.videotg.core.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.videotg.core.reply.NumberPairs.Pair;

/**
 * lmms-eval's Charades-STA task: every "to" becomes a dash, also within words; only sentences that speak of a start, an
 * end or a happening count, if there are any; the first pair of the first kind that is found holds, its ends in
 * ascending order. Source: {@code extract_time} of EvolvingLMMs-Lab/lmms-eval tasks/charades_sta/utils.py.
 */
public final class LmmsEvalTimes {
    /** Python's {@code \s} and {@code \w}. */
    private static final String SPACE =
            "[ \\t-\\r\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

    private static final String WORD = "[\\p{L}\\p{N}_]";
    /** A number starts here, and not within digits, where it would have started before. */
    private static final String FRESH = "(?<![0-9])";

    private static final String STRICT = "([0-9]++(?:\\.[0-9]++)?+)";
    private static final String EXAMPLE = "a specific example is : 20.8 - 30.0 seconds";
    private static final Pattern SENTENCES = Pattern.compile("[!?\n]");
    private static final List<String> KEYWORDS = List.of("start", "end", "happen");
    private static final String CLOCK = "([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)";
    /** Java looks back by half characters: two of them are a letter beyond the basic plane. */
    private static final String START = "(?<!" + WORD + "{1,2})";

    private static final String END = "(?!" + WORD + ")";
    private static final String DASH = SPACE + "*+[\u2013-]" + SPACE + "*+";
    private static final Pattern CLOCKS = Pattern.compile(START + CLOCK + DASH + CLOCK + END);
    private static final Pattern PAIR = Pattern.compile(FRESH + STRICT + DASH + STRICT);
    private static final Pattern ONE_CLOCK = Pattern.compile(START + CLOCK + END);
    private static final Pattern NUMBER = Pattern.compile(START + "([0-9]++(?:\\.[0-9]++" + END + "|" + END + "))");
    private static final Pattern WITH_UNIT = Pattern.compile(FRESH + STRICT + SPACE + "*+s?+" + DASH + STRICT);

    private LmmsEvalTimes() {}

    /** The first pair as a list of one; empty if there is none. */
    public static List<Pair> read(String reply) {
        String text = PythonChars.asciiDigits(
                reply.toLowerCase(Locale.ROOT).replace(EXAMPLE, "").replace("to", "-"));
        List<String> sentences = List.of(SENTENCES.split(text, -1));
        List<String> telling = sentences.stream()
                .filter(one -> KEYWORDS.stream().anyMatch(one::contains))
                .toList();
        List<String> candidates = telling.isEmpty() ? sentences : telling;
        Stream<List<Pair>> found = Stream.of(CLOCKS, PAIR).map(pattern -> first(pattern, candidates));
        Stream<List<Pair>> single = Stream.of(candidates).map(LmmsEvalTimes::singles);
        Stream<List<Pair>> unit = Stream.of(candidates).map(of -> first(WITH_UNIT, of));
        return Stream.of(found, single, unit)
                .flatMap(kind -> kind)
                .filter(pairs -> !pairs.isEmpty())
                .findFirst()
                .map(pairs -> List.of(ascending(pairs.get(0))))
                .orElse(List.of());
    }

    /** What the first sentence with a pair says. */
    private static List<Pair> first(Pattern pattern, List<String> sentences) {
        for (String sentence : sentences) {
            var matcher = pattern.matcher(sentence);
            if (matcher.find()) {
                return List.of(new Pair(clock(matcher.group(1)), clock(matcher.group(2))));
            }
        }
        return List.of();
    }

    /** Clock times of all sentences, else the first number of each. */
    private static List<Pair> singles(List<String> sentences) {
        List<Pair> clocks = NumberPairs.inPairs(sentences.stream()
                .flatMap(one -> all(ONE_CLOCK, one).stream())
                .map(LmmsEvalTimes::clock)
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
        return NumberPairs.inPairs(numbers);
    }

    /** What the first group of an expression finds, from left to right. */
    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** Seconds of {@code HH:MM:SS} or {@code MM:SS}, or of a number. */
    private static double clock(String time) {
        double seconds = 0;
        for (String part : time.split(":")) {
            seconds = seconds * 60 + Double.parseDouble(part);
        }
        return seconds;
    }

    @SuppressWarnings("ArgumentSelectionDefectChecker")
    private static Pair ascending(Pair pair) {
        return pair.end() > pair.start() ? pair : new Pair(pair.end(), pair.start());
    }
}
