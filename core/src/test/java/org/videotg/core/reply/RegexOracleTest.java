package org.videotg.core.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.videotg.core.reply.NumberPairs.Pair;
import org.videotg.core.reply.ReplyParser.Parsed;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/** Holds the scanners to the regular expressions that the projects use, on short texts, where those are fast. */
class RegexOracleTest {
    private static final int TEXTS = 20_000;

    /** Texts from few pieces, so that what a pattern looks for turns up by chance. */
    private static List<String> texts(String purpose, String... pieces) {
        List<String> texts = new ArrayList<>();
        Random random = Draw.generator(3, purpose);
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static List<Pair> pairs(String text, String regex, int second) {
        List<Pair> pairs = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while (matcher.find()) {
            pairs.add(new Pair(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(second))));
        }
        return pairs;
    }

    @Test
    void pairsOfNumbers() {
        for (String text : texts(
                "pairs", "1", "2.5", "30", ".", " to ", " to ", " and ", " TO ", "-", " - ", " ", "\n", "to", "x")) {
            assertEquals(
                    pairs(text, "(\\d+\\.?\\d*) (to|and) (\\d+\\.?\\d*)", 3), NumberPairs.words(text, false), text);
            assertEquals(
                    pairs(text, "(?i)(\\d+\\.?\\d*) (to|and) (\\d+\\.?\\d*)", 3), NumberPairs.words(text, true), text);
            assertEquals(pairs(text, "(\\d+\\.?\\d*)\\s*-\\s*(\\d+\\.?\\d*)", 2), NumberPairs.dashes(text), text);
            assertEquals(
                    pairs(text, "(?i)(\\d+\\.?\\d*)\\s+to\\s+(\\d+\\.?\\d*)", 2), NumberPairs.spacedTo(text), text);
        }
    }

    @Test
    void timesOfTimeLens() {
        for (String text :
                texts("times", "1", "02", "345", ":", ":", "6:07", ".", ".8", " - ", " ", "s", " to ", "_")) {
            List<Interval> expected = timeLens(text);
            assertEquals(
                    expected,
                    TimeLensTimes.parse(Task.GQA, text).map(Parsed::intervals).orElse(List.of()),
                    text);
        }
    }

    /** extract_time, in the words of its regular expressions. */
    private static List<Interval> timeLens(String text) {
        List<Double> times = new ArrayList<>();
        Matcher clock = Pattern.compile("\\b(\\d{1,2}:\\d{2}:\\d{2}(?:\\.\\d+)?|\\d{1,2}:\\d{2}(?:\\.\\d+)?)\\b")
                .matcher(text);
        while (clock.find()) {
            double seconds = 0;
            for (String part : clock.group().split(":")) {
                seconds = seconds * 60 + Double.parseDouble(part);
            }
            times.add(seconds);
        }
        List<Pair> pairs = times.size() > 1 ? List.of() : pairs(text, "(\\d+\\.?\\d*)\\s*-\\s*(\\d+\\.?\\d*)", 2);
        if (times.size() < 2 && pairs.isEmpty()) {
            pairs = pairs(text, "(\\d+\\.?\\d*)\\s+to\\s+(\\d+\\.?\\d*)", 2);
        }
        if (times.size() < 2 && pairs.isEmpty()) {
            times.clear();
            Matcher number = Pattern.compile("\\b(\\d+\\.\\d+|\\d+)\\b").matcher(text);
            while (number.find()) {
                times.add(Double.parseDouble(number.group()));
            }
        }
        List<Interval> intervals = new ArrayList<>();
        pairs.forEach(pair -> intervals.add(new Interval(pair.start(), pair.end())));
        for (int i = 0; pairs.isEmpty() && i + 1 < times.size(); i += 2) {
            intervals.add(new Interval(times.get(i), times.get(i + 1)));
        }
        return intervals;
    }

    @Test
    void blocksAndFormats() {
        for (String text : texts(
                "tags", "<think>", "</think>", "<answer>", "</answer>", "<glue>", "</glue>", "1 to 2", " ", "\n")) {
            Matcher block = Pattern.compile("(?s)<answer>(.*?)</answer>").matcher(text);
            String first = null;
            String last = null;
            while (block.find()) {
                first = first == null ? block.group(1) : first;
                last = block.group(1);
            }
            assertEquals(first, Tags.first(text, "answer").orElse(null), text);
            assertEquals(last, Tags.last(text, "answer").orElse(null), text);
            assertEquals(
                    text.matches("(?s)<think>.*?</think>\\s*<answer>.*?</answer>"),
                    Tags.only(text, "think", "answer"),
                    text);
            assertEquals(
                    text.matches("(?s)<think>.*?</think>\\s*<answer>.*?</answer>\\s*<glue>.*?</glue>"),
                    Tags.only(text, "think", "answer", "glue"),
                    text);
            assertEquals(
                    text.matches("(?s)<think>.*</think>.*<answer>.*</answer>.*"),
                    Tags.ordered(text, "<think>", "</think>", "<answer>", "</answer>"),
                    text);
        }
    }

    @Test
    void pairsOfVideoChat() {
        String regex =
                "\\[(\\(\\d+(\\.\\d+)?,\\s*\\d+(\\.\\d+)?\\)(,\\s*\\(\\d+(\\.\\d+)?,\\s*\\d+(\\.\\d+)?\\))*(,)?|)\\]\n?";
        String[] pieces = {"(1, 2)", "(1.5,30)", "(3,\n4.25)", ",", ", ", " ", "(", "5", ".", "[]"};
        for (String inner : texts("glue", pieces)) {
            for (String text :
                    List.of("[" + inner + "]", "[(1, 2)" + inner + "]", "[(1, 2), (7, 7)," + inner + "]\n")) {
                assertEquals(
                        text.matches(regex),
                        GlueTimes.parse(Task.LIST, "<glue>" + text + "</glue>").isPresent(),
                        text);
            }
        }
    }
}
