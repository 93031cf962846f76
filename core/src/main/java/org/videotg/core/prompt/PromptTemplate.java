package org.videotg.core.prompt;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.videotg.core.error.InputException;
import org.videotg.core.interval.Interval;
import org.videotg.core.sample.Sample;

/**
 * The texts of one prompt: what stands before the video, the same for every task, so that one prefix serves them all; and
 * the task after it. Placeholders: {@code {query}}, {@code {time}} (seconds, one decimal) and {@code {options}}.
 *
 * @param name by which recipes and manifests call it
 * @param before text before the video
 * @param ground asks for one interval
 * @param list asks for every interval, or none
 * @param yesNo asks whether it happens at {@code {time}}
 * @param choice asks for the letter of an option and the interval that shows it
 */
public record PromptTemplate(String name, String before, String ground, String list, String yesNo, String choice) {
    /** This project's own, short: the one the embedded model is pretrained with. */
    public static final PromptTemplate OWN = new PromptTemplate("own",
            "Query: {query}\n",
            "When? Answer: start to end",
            "List every time, or none",
            "At {time} seconds?",
            "{options} Answer and time?");

    public PromptTemplate {
        Objects.requireNonNull(name, "name");
        if (!before.contains("{query}")) {
            throw new IllegalArgumentException("prompt template \"" + name + "\": \"before\" lacks {query}");
        }
        if (!yesNo.contains("{time}")) {
            throw new IllegalArgumentException("prompt template \"" + name + "\": \"yesNo\" lacks {time}");
        }
    }

    /** The template of that name. */
    public static PromptTemplate named(String name) {
        if (OWN.name().equals(name)) {
            return OWN;
        }
        throw new InputException("unknown prompt template \"" + name + "\"; known: own");
    }

    /** The text before the video for this query, whose final full stop is stripped. */
    public String beforeVideo(String query) {
        String plain = query.strip();
        plain = plain.endsWith(".") ? plain.substring(0, plain.length() - 1).strip() : plain;
        return before.replace("{query}", plain);
    }

    /** The text after the video that asks for what the sample's task wants. */
    public String afterVideo(Sample sample) {
        return switch (sample.task()) {
            case VTG -> ground;
            case LIST -> list;
            case GQA -> choiceOf(sample.options());
        };
    }

    public String yesNoAt(double seconds) {
        return yesNo.replace("{time}", time(seconds));
    }

    public String choiceOf(List<String> options) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < options.size(); i++) {
            text.append(i == 0 ? "(" : " (").append((char) ('A' + i)).append(") ").append(options.get(i));
        }
        return choice.replace("{options}", text);
    }

    /** Seconds with one decimal, half to even on the exact binary value, as Python's {@code {t:.1f}} gives them. */
    public static String time(double seconds) {
        return new BigDecimal(seconds).setScale(1, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** The right reply to {@link #ground}. */
    public static String reply(Interval interval) {
        return time(interval.start()) + " to " + time(interval.end());
    }

    /** The right reply to {@link #list}. */
    public static String reply(List<Interval> intervals) {
        return intervals.isEmpty() ? "none" : intervals.stream().map(PromptTemplate::reply).collect(Collectors.joining(", "));
    }

    /** The right reply to {@link #choice}. */
    public static String reply(String letter, Interval interval) {
        return "(" + letter + ") " + reply(interval);
    }
}
