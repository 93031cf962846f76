package org.videotg.method.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

class LoadedRewardTest {
    private static final Sample SAMPLE = Sample.vtg("s7", "v.mp4", 100, "q", List.of(new Interval(10, 20)));

    /** 1 minus a hundredth of the reply's length. */
    public static final class Brevity implements CustomReward {
        @Override
        public double score(Sample sample, ParsedReply reply) {
            return Math.max(0, 1 - reply.text().length() / 100.0);
        }
    }

    public abstract static class Unmade implements CustomReward {}

    public static final class NoReward {}

    public static final class Parameters implements CustomReward {
        public Parameters(int size) {}

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return 0;
        }
    }

    static final class Hidden implements CustomReward {
        @Override
        public double score(Sample sample, ParsedReply reply) {
            return 0;
        }
    }

    public static final class FailsWhenMade implements CustomReward {
        public FailsWhenMade() {
            throw new IllegalStateException("no table\nof words");
        }

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return 0;
        }
    }

    public static final class FailsWhenLoaded implements CustomReward {
        private static final int SIZE = Integer.parseInt("many");

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return SIZE;
        }
    }

    public static final class Fails implements CustomReward {
        @Override
        public double score(Sample sample, ParsedReply reply) {
            return reply.intervals().get(0).start();
        }
    }

    public static final class NotANumber implements CustomReward {
        @Override
        public double score(Sample sample, ParsedReply reply) {
            return 0.0 / 0;
        }
    }

    private static String label(Class<?> type) {
        return "class:" + type.getName();
    }

    private static ParsedReply read(String reply) {
        return PromptTemplate.DEFAULT.read(Task.VTG, reply);
    }

    @Test
    void aClassOfTheUsersOwnIsWeightedLikeTheOthers() {
        WeightedReward reward = new WeightedReward(Map.of("iou", 1.0, label(Brevity.class), 0.5));
        WeightedReward.Breakdown parts = reward.breakdown(SAMPLE, read("10 to 20"));
        assertEquals(0.92, parts.parts().get(label(Brevity.class)), 1e-12);
        assertEquals(1 + 0.5 * 0.92, parts.total(), 1e-12);
        assertEquals(label(Brevity.class), Reward.named(label(Brevity.class)).id());
    }

    @Test
    void whatCannotBeMadeIsNamedWithTheReason() {
        named("class:org.nobody.Nothing", "class path");
        named("class:", "class path");
        named(label(NoReward.class), "does not implement org.videotg.method.reward.CustomReward");
        named(label(Unmade.class), "abstract");
        named("class:org.videotg.method.reward.CustomReward", "abstract");
        named(label(Parameters.class), "constructor without parameters");
        named(label(Hidden.class), "must be public");
        named(label(FailsWhenMade.class), "in its constructor: IllegalStateException (no table)");
        named(label(FailsWhenLoaded.class), "NumberFormatException");
        named("brevity", "class:NAME");
    }

    private static void named(String label, String reason) {
        String message = assertThrows(InputException.class, () -> new WeightedReward(Map.of(label, 1.0)))
                .getMessage();
        assertTrue(message.contains(reason) && message.contains(label.substring(label.indexOf(':') + 1)), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void whatFailsNamesClassAndSample() {
        failing(Fails.class, "ArrayIndexOutOfBoundsException");
        failing(NotANumber.class, "NaN");
    }

    private static void failing(Class<?> type, String reason) {
        Reward reward = Reward.named(label(type));
        String message = assertThrows(InputException.class, () -> reward.score(SAMPLE, read("rubbish")))
                .getMessage();
        assertTrue(message.contains(type.getName()) && message.contains("\"s7\"") && message.contains(reason), message);
        assertEquals(1, message.lines().count(), message);
    }
}
