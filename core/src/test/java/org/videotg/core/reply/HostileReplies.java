package org.videotg.core.reply;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;

/**
 * Replies as a model that runs wild, or a person who means harm, would write them. The same seed and index give the
 * same reply.
 */
public final class HostileReplies {
    private static final List<String> PIECES = List.of(
            "<think>",
            "</think>",
            "<answer>",
            "</answer>",
            "<time>",
            "</time>",
            "<glue>",
            "</glue>",
            "<timestep>",
            "\\boxed{",
            "}",
            "(A)",
            "(B",
            "B",
            "none",
            "[]",
            "[",
            "]",
            "(",
            ")",
            "{",
            " to ",
            " and ",
            " - ",
            "-",
            "–",
            "~",
            ", ",
            ",",
            " ",
            "\n",
            "\t",
            "\u00a0",
            "\u2028",
            "\u0000",
            "seconds",
            "s",
            " min",
            "The event happens in ",
            ".",
            ":",
            "The answer is",
            "NaN",
            "Infinity",
            "-inf",
            "1e309",
            "1e-400",
            "0x1p3",
            "٣",
            "७.५",
            "𝟗",
            "½",
            "\ud800",
            "\udc00",
            "🙂",
            "İ",
            "<|im_end|>",
            "null",
            "true",
            "\"",
            "'",
            "\\");

    private static final List<PromptTemplate> TEMPLATES =
            PromptTemplate.names().stream().map(PromptTemplate::named).toList();

    private HostileReplies() {}

    /** Every template with its project's parser and with the strict one, and one with the lenient one. */
    public static List<PromptTemplate> everyParser() {
        return Stream.concat(
                        Stream.of("own:lenient"),
                        PromptTemplate.names().stream()
                                .flatMap(name ->
                                        name.equals("own") ? Stream.of(name) : Stream.of(name, name + ":strict")))
                .map(PromptTemplate::named)
                .toList();
    }

    /** The reply of that index. */
    public static String reply(long seed, long index) {
        Random random = Draw.generator(seed, "hostile", index);
        if (random.nextInt(3) == 0) {
            return mutated(random, TEMPLATES.get(random.nextInt(TEMPLATES.size())));
        }
        int pieces = random.nextInt(500) == 0 ? random.nextInt(3000) : random.nextInt(24);
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            String piece = random.nextInt(3) == 0 ? number(random) : PIECES.get(random.nextInt(PIECES.size()));
            int times = random.nextInt(40) == 0 ? random.nextInt(60) : 1;
            reply.append(piece.repeat(times));
        }
        return reply.toString();
    }

    private static String number(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> String.valueOf(random.nextInt(100));
            case 1 -> String.valueOf(random.nextInt(1000) / 100.0);
            case 2 -> "-" + random.nextInt(60);
            case 3 -> String.format(Locale.ROOT, "%02d:%02d", random.nextInt(60), random.nextInt(60));
            case 4 ->
                String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d.%d",
                        random.nextInt(30),
                        random.nextInt(99),
                        random.nextInt(60),
                        random.nextInt(1000));
            case 5 -> "0".repeat(random.nextInt(5)) + random.nextInt(10) + ".";
            case 6 -> String.valueOf(random.nextLong());
            case 7 -> "9".repeat(random.nextInt(random.nextInt(50) == 0 ? 5000 : 400));
            default -> random.nextInt(10) + "." + random.nextInt(10) + "." + random.nextInt(10);
        };
    }

    /** A right reply with a few characters changed, doubled, moved or lost. */
    private static String mutated(Random random, PromptTemplate template) {
        Interval interval = new Interval(random.nextInt(500) / 10.0, random.nextInt(500) / 10.0);
        StringBuilder reply = new StringBuilder(
                switch (random.nextInt(3)) {
                    case 0 -> template.reply(interval);
                    case 1 -> template.reply(random.nextBoolean() ? List.of() : List.of(interval, interval.dilate(1)));
                    default -> template.reply("B", List.of(interval));
                });
        for (int i = random.nextInt(4); i > 0 && reply.length() > 0; i--) {
            int at = random.nextInt(reply.length());
            switch (random.nextInt(4)) {
                case 0 -> reply.deleteCharAt(at);
                case 1 -> reply.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> reply.setLength(at);
                default -> reply.insert(at, reply.substring(random.nextInt(at + 1), at));
            }
        }
        return reply.toString();
    }
}
