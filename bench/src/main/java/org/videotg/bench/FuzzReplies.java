package org.videotg.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.videotg.method.reward.ReplyFuzz;
import org.videotg.method.reward.ReplyFuzz.Tally;

/**
 * Parses hostile replies with every prompt template and parser, and stops at the first violation of their contract:
 * {@code FuzzReplies [COUNT] [SEED]}, 1,000,000 and 1 by default. Prints how many replies were parsed, unparsable and
 * of the requested form.
 */
public final class FuzzReplies {
    private static final long CHUNK = 50_000;

    private FuzzReplies() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("FuzzReplies [COUNT] [SEED]", arguments, FuzzReplies::run);
    }

    private static void run(String[] arguments) {
        long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        long started = System.nanoTime();
        Map<String, Tally> total = new LinkedHashMap<>();
        for (long from = 0; from < count; from += CHUNK) {
            long to = Math.min(count, from + CHUNK);
            ReplyFuzz.run(seed, from, to).forEach((name, tally) -> total.merge(name, tally, Tally::plus));
            System.err.println(String.format(
                    Locale.ROOT, "%,d of %,d replies, %.0f s", to, count, (System.nanoTime() - started) / 1e9));
        }
        System.out.println(
                String.format(Locale.ROOT, "%-24s %12s %12s %12s", "template", "parsed", "unparsable", "formatted"));
        total.forEach((name, tally) -> System.out.println(String.format(
                Locale.ROOT, "%-24s %,12d %,12d %,12d", name, tally.parsed(), tally.unparsable(), tally.formatted())));
    }
}
