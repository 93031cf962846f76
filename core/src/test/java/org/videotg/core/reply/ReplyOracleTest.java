package org.videotg.core.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.run.Draw;

/**
 * Parsers against the evaluators' own expressions run by a backtracking engine, on random short replies; and on hostile
 * long ones.
 */
class ReplyOracleTest {
    private static final Map<String, Pattern> COMPILED = new HashMap<>();
    private static final int ROUNDS = 3_000;
    private static final List<String> PIECES = List.of(
            "1",
            "2",
            "37",
            "12",
            "05",
            ".",
            ".5",
            "25",
            ":",
            "00",
            " to ",
            " and ",
            "to",
            " ",
            "-",
            " - ",
            "\u2013",
            "s",
            "x",
            "_",
            "\n",
            "!",
            "starts",
            "ends ",
            "happens in ",
            ",",
            "\u0663",
            "\u00bd",
            "\u00a0",
            "T",
            "é",
            "\ud835\udc1a",
            "\ud83d\ude00");

    private static String reply(Random random) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(14);
        for (int i = 0; i < length; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    @Test
    void timeR1FindsWhatItsExpressionFinds() {
        compare("timer1", NumberPairs::lastWords, reply -> {
            List<Pair> all = pairs(plain("(\\d+\\.?\\d*) (?:to|and) (\\d+\\.?\\d*)"), reply);
            return all.isEmpty() ? all : all.subList(all.size() - 1, all.size());
        });
    }

    @Test
    void timeLensFindsWhatItsExpressionsFind() {
        compare("timelens", TimeLensTimes::read, reply -> timeLens(reply, plain("\\b(\\d+\\.\\d+|\\d+)\\b")));
        compare("lmms-eval-timelens", TimeLensTimes::read, reply -> timeLens(reply, plain("\\b(\\d+\\.?\\d*)\\b")));
    }

    /** Java's look-behind sees half of such a letter; Python the whole. */
    @Test
    void lettersBeyondTheBasicPlaneBelongToWords() {
        assertEquals(List.of(new Pair(25, 7)), TimeLensTimes.read("\ud835\udc1a00 25 7"));
        assertEquals(List.of(new Pair(20, 40)), LmmsEvalTimes.read("\ud835\udc1a00:10 and 00:20 and 00:40"));
        assertEquals(List.of(new Pair(2, 5)), LmmsEvalTimes.read("\ud835\udc1a1 2\n5\n7"));
        assertEquals(List.of(new Pair(10, 20)), LmmsEvalTimes.read("\ud83d\ude0000:10 and 00:20 and 00:40"));
    }

    @Test
    void lmmsEvalFindsWhatItsExpressionsFind() {
        compare("lmms-eval-charades", LmmsEvalTimes::read, ReplyOracleTest::lmmsEval);
    }

    static Stream<String> hostile() {
        int n = 120_000;
        return Stream.of(
                "9".repeat(n),
                "9.".repeat(n / 2),
                "1 ".repeat(n / 2),
                " ".repeat(n),
                "1" + " ".repeat(n),
                "1 to ".repeat(n / 5),
                "1:00 ".repeat(n / 5),
                "1:00:".repeat(n / 5),
                "<glue>[" + "(1, 2), ".repeat(n / 8),
                "<answer>".repeat(n / 8),
                "end 1\n".repeat(n / 6),
                "[" + "(1,2),".repeat(n / 6) + "]",
                "start" + "1-".repeat(n / 2),
                "\u0663".repeat(n),
                "-".repeat(n),
                "1s ".repeat(n / 3));
    }

    /** Ends at once; with an expression that goes back over the reply from every digit it would take hours. */
    @ParameterizedTest
    @MethodSource("hostile")
    void longRepliesAreReadToTheirEnd(String reply) {
        assertTrue(NumberPairs.lastWords(reply).size() <= 1);
        assertTrue(LmmsEvalTimes.read(reply).size() <= 1);
        assertTrue(TimeLensTimes.read(reply).size() <= reply.length());
        assertTrue(Tags.first(reply, "glue").flatMap(GlueTimes::pairs).isEmpty());
        assertEquals(reply.startsWith("[("), GlueTimes.pairs(reply).isPresent());
        assertTrue(GlueTimes.letter(reply).length() <= 1);
    }

    private static void compare(String name, Function<String, List<Pair>> fast, Function<String, List<Pair>> naive) {
        Random random = Draw.generator(7, name);
        int found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String reply = reply(random);
            List<Pair> expected = naive.apply(reply);
            assertEquals(expected, fast.apply(reply), () -> name + " on \"" + reply + "\"");
            found += expected.isEmpty() ? 0 : 1;
        }
        assertTrue(found > ROUNDS / 50, name + " found " + found);
    }

    private static Pattern plain(String expression) {
        return COMPILED.computeIfAbsent(expression, ReplyOracleTest::compile);
    }

    private static Pattern compile(String expression) {
        String word = "[\\p{L}\\p{N}_]";
        String edge = "(?:(?<=" + word + "{1,2})(?!" + word + ")|(?<!" + word + "{1,2})(?=" + word + "))";
        return Pattern.compile(
                expression.replace("\\b", edge).replace("\\d", "\\p{Nd}").replace("\\s", "[\\s\\u00a0\\u0085]"));
    }

    private static double number(String text) {
        StringBuilder ascii = new StringBuilder();
        text.chars()
                .forEach(c -> ascii.append(Character.isDigit(c) ? String.valueOf(Character.digit(c, 10)) : (char) c));
        return Double.parseDouble(ascii.toString());
    }

    private static List<Pair> pairs(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> new Pair(number(match.group(1)), number(match.group(2))))
                .toList();
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static double clock(String text) {
        String[] parts = text.split(":");
        double seconds = number(parts[parts.length - 1]) + 60 * number(parts[parts.length - 2]);
        return parts.length == 3 ? seconds + 3600 * number(parts[0]) : seconds;
    }

    private static List<Pair> inPairs(List<Double> times) {
        List<Pair> spans = new ArrayList<>();
        for (int i = 1; i < times.size(); i += 2) {
            spans.add(new Pair(times.get(i - 1), times.get(i)));
        }
        return spans;
    }

    private static List<Pair> timeLens(String reply, Pattern number) {
        String text = reply.toLowerCase(Locale.ROOT);
        List<Pair> clocks = inPairs(
                all(plain("\\b(\\d{1,2}:\\d{2}:\\d{2}(?:\\.\\d+)?|\\d{1,2}:\\d{2}(?:\\.\\d+)?)\\b"), text).stream()
                        .map(ReplyOracleTest::clock)
                        .toList());
        if (!clocks.isEmpty()) {
            return clocks;
        }
        for (String expression :
                List.of("(\\d+\\.?\\d*)\\s*-\\s*(\\d+\\.?\\d*)", "(\\d+\\.?\\d*)\\s+to\\s+(\\d+\\.?\\d*)")) {
            List<Pair> found = pairs(plain(expression), text);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return inPairs(all(number, text).stream().map(ReplyOracleTest::number).toList());
    }

    private static List<Pair> lmmsEval(String reply) {
        String text = reply.toLowerCase(Locale.ROOT).replace("to", "-");
        List<String> sentences = List.of(text.split("[!?\n]", -1));
        List<String> telling = sentences.stream()
                .filter(one -> Pattern.compile("start|end|happen").matcher(one).find())
                .toList();
        List<String> candidates = telling.isEmpty() ? sentences : telling;
        String clock = "(\\d{1,2}:\\d{2}(?::\\d{2})?)";
        List<Pair> found = new ArrayList<>();
        firstMatch(plain("\\b" + clock + "\\s*[\u2013-]\\s*" + clock + "\\b"), candidates, found, true);
        firstMatch(plain("(\\d+(?:\\.\\d+)?)\\s*[\u2013-]\\s*(\\d+(?:\\.\\d+)?)"), candidates, found, false);
        if (found.isEmpty()) {
            found.addAll(inPairs(candidates.stream()
                    .flatMap(one -> all(plain("\\b" + clock + "\\b"), one).stream())
                    .map(ReplyOracleTest::clock)
                    .toList()));
        }
        if (found.isEmpty()) {
            found.addAll(inPairs(candidates.stream()
                    .map(one -> all(plain("\\b(\\d+(?:\\.\\d+)?)\\b"), one))
                    .filter(numbers -> !numbers.isEmpty())
                    .map(numbers -> number(numbers.get(0)))
                    .toList()));
        }
        firstMatch(
                plain("(\\d+(?:\\.\\d+)?)\\s*s?\\s*[\u2013-]\\s*(\\d+(?:\\.\\d+)?)\\s*s?"), candidates, found, false);
        return found.stream()
                .limit(1)
                .map(span -> span.end() > span.start() ? span : new Pair(span.end(), span.start()))
                .toList();
    }

    private static void firstMatch(Pattern pattern, List<String> sentences, List<Pair> found, boolean clocks) {
        for (String sentence : sentences) {
            Matcher matcher = pattern.matcher(sentence);
            if (found.isEmpty() && matcher.find()) {
                found.add(
                        clocks
                                ? new Pair(clock(matcher.group(1)), clock(matcher.group(2)))
                                : new Pair(number(matcher.group(1)), number(matcher.group(2))));
            }
        }
    }
}
