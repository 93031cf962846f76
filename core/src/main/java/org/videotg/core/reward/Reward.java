package org.videotg.core.reward;

import java.util.List;
import java.util.stream.Collectors;
import org.videotg.core.error.InputException;
import org.videotg.core.interval.Interval;
import org.videotg.core.prompt.ReplyParser;
import org.videotg.core.prompt.ReplyParser.Parsed;
import org.videotg.core.sample.Sample;

/** Scores one reply to one sample in [0, 1]. A reply that does not have the form its prompt asks for scores 0. */
public sealed interface Reward {
    /** By which recipes call it. */
    String label();

    /** Scores a reply that has the asked form. */
    double score(Sample sample, Parsed reply);

    /** Scores the text of a reply. */
    default double score(Sample sample, String reply) {
        return ReplyParser.parse(sample.task(), reply).map(parsed -> score(sample, parsed)).orElse(0.0);
    }

    /** Every reward there is. */
    static List<Reward> all() {
        return List.of(new Iou(), new TimestampIou(), new Format(), new Answer());
    }

    /**
     * The reward of that label.
     *
     * @throws InputException listing those that are known
     */
    static Reward named(String label) {
        return all().stream().filter(reward -> reward.label().equals(label)).findFirst().orElseThrow(() -> new InputException(
                "unknown reward \"" + label + "\"; known: "
                        + all().stream().map(Reward::label).collect(Collectors.joining(", "))));
    }

    /**
     * {@code iou}, the paper's reward: {@link GroundingIou}, so single-interval IoU for one annotated interval and
     * multi-interval IoU for a repaired sample, which has several.
     */
    record Iou() implements Reward {
        @Override
        public String label() {
            return "iou";
        }

        @Override
        public double score(Sample sample, Parsed reply) {
            return GroundingIou.of(sample.intervals(), reply.intervals());
        }
    }

    /**
     * {@code timestamp_iou}, the timestamp-aware IoU of Time-R1 (arXiv 2503.13377): IoU * (1 - |ds|/D) * (1 - |de|/D), ds and
     * de the distances of start and end, D the duration, all in seconds. Defined by this project: a factor never falls below
     * 0 (a prediction may end far behind the video); a prediction of several intervals counts from its first start to its
     * last end; a repaired sample takes multi-interval IoU and the distances to that annotated interval which favours the
     * prediction most.
     */
    record TimestampIou() implements Reward {
        @Override
        public String label() {
            return "timestamp_iou";
        }

        @Override
        public double score(Sample sample, Parsed reply) {
            double iou = GroundingIou.of(sample.intervals(), reply.intervals());
            if (iou == 0 || sample.intervals().isEmpty()) {
                return iou;
            }
            double start = reply.intervals().stream().filter(i -> !i.isEmpty()).mapToDouble(Interval::start).min().orElseThrow();
            double end = reply.intervals().stream().filter(i -> !i.isEmpty()).mapToDouble(Interval::end).max().orElseThrow();
            return iou * sample.intervals().stream()
                    .mapToDouble(truth -> closeness(truth.start() - start, sample) * closeness(truth.end() - end, sample))
                    .max().orElseThrow();
        }

        private static double closeness(double distance, Sample sample) {
            return Math.max(0, 1 - Math.abs(distance) / sample.duration());
        }
    }

    /** {@code format}, the paper's reward: 1 if the whole reply matches the template of its prompt. */
    record Format() implements Reward {
        @Override
        public String label() {
            return "format";
        }

        @Override
        public double score(Sample sample, Parsed reply) {
            return 1;
        }
    }

    /** {@code answer}: 1 if the option letter of a grounded VideoQA reply is the right one; 0 for every other task. */
    record Answer() implements Reward {
        @Override
        public String label() {
            return "answer";
        }

        @Override
        public double score(Sample sample, Parsed reply) {
            return reply.letter() != null && reply.letter().equals(sample.answer()) ? 1 : 0;
        }
    }
}
