package org.videotg.method.reward;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.HostileReplies;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * Reads hostile replies with every parser and holds what comes out to what parsers promise: no exception, finite
 * intervals, one letter, the same again on a second reading, and rewards in [0, 1].
 */
public final class ReplyFuzz {
    private static final List<Sample> SAMPLES = List.of(sample(Task.VTG), sample(Task.LIST), sample(Task.GQA));

    private ReplyFuzz() {}

    /** How many readings were parsed, and how many were not, by template. */
    public record Tally(long parsed, long unparsable, long formatted) {
        public Tally plus(Tally other) {
            return new Tally(parsed + other.parsed, unparsable + other.unparsable, formatted + other.formatted);
        }

        Tally plus(ParsedReply read) {
            boolean found = read.parsed().isPresent();
            return new Tally(
                    parsed + (found ? 1 : 0), unparsable + (found ? 0 : 1), formatted + (read.formatted() ? 1 : 0));
        }
    }

    private static Sample sample(Task task) {
        return new Sample(
                "s",
                "v.mp4",
                30,
                "q",
                List.of(new Interval(3, 7), new Interval(9, 12)),
                task,
                List.of("red", "blue"),
                "B",
                Map.of());
    }

    /**
     * Reads the replies {@code from} (inclusive) to {@code to}; each with every template and one task.
     *
     * @throws AssertionError naming template, task and index of a reply that breaks a promise
     */
    public static Map<String, Tally> run(long seed, long from, long to) {
        List<PromptTemplate> templates = HostileReplies.everyParser();
        Map<String, Tally> tallies = new LinkedHashMap<>();
        templates.forEach(template -> tallies.put(template.name(), new Tally(0, 0, 0)));
        for (long index = from; index < to; index++) {
            String reply = HostileReplies.reply(seed, index);
            Sample sample = SAMPLES.get((int) (index % SAMPLES.size()));
            for (PromptTemplate template : templates) {
                try {
                    ParsedReply read = template.read(sample.task(), reply);
                    check(template, sample, read);
                    require(
                            index % 8 != 0 || read.equals(template.read(sample.task(), reply)),
                            "read twice, it says something else");
                    tallies.compute(template.name(), (name, tally) -> tally.plus(read));
                } catch (RuntimeException | AssertionError | StackOverflowError e) {
                    throw new AssertionError(
                            template.name() + ", " + sample.task() + ", reply " + index + " of seed " + seed + ": " + e,
                            e);
                }
            }
        }
        return tallies;
    }

    private static void check(PromptTemplate template, Sample sample, ParsedReply read) {
        // That bounds are finite, an interval checks itself when it is made.
        require(
                read.letter() == null
                        || (sample.task() == Task.GQA && read.letter().matches("[A-Z]")),
                "letter " + read.letter());
        require(
                read.parsed().isEmpty()
                        || sample.task() != Task.VTG
                        || !read.intervals().isEmpty(),
                "parsed, but no interval");
        require(
                template.parser() != ReplyParser.STRICT
                        || read.formatted() == read.parsed().isPresent(),
                "the strict form is the format");
        for (Reward reward : Reward.all()) {
            double score = reward.score(sample, read);
            require(score >= 0 && score <= 1, reward.id() + " gives " + score);
            require(
                    score == 0 || read.parsed().isPresent() || reward.id().equals("format"),
                    reward.id() + " of nothing");
        }
    }

    private static void require(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(broken);
        }
    }
}
