package org.videotg.method.reward;

import java.util.List;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

/** Scores one reply to one sample in [0, 1]. What a reply does not say, or what its parser can't read, scores 0. */
public sealed interface Reward
        permits Reward.Iou, Reward.TimestampIou, Reward.Iop, Reward.Format, Reward.CorrectAnswer, LoadedReward {
    /** The name by which recipes choose it. */
    String id();

    /** Scores a reply that the prompt's template has read. */
    double score(Sample sample, ParsedReply reply);

    /** Every reward of this project. */
    static List<Reward> all() {
        return List.of(new Iou(), new TimestampIou(), new Iop(), new Format(), new CorrectAnswer());
    }

    /**
     * The reward of that id; {@code class:NAME} is a {@link CustomReward} of the user's own.
     *
     * @throws InputException listing those that are known, or saying what is wrong with the class
     */
    static Reward named(String id) {
        if (id.startsWith(LoadedReward.PREFIX)) {
            return LoadedReward.named(id.substring(LoadedReward.PREFIX.length()));
        }
        return all().stream()
                .filter(reward -> reward.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown reward \"" + id + "\"; known: "
                        + all().stream().map(Reward::id).collect(Collectors.joining(", "))
                        + "; or class:NAME for a class of your own"));
    }

    /**
     * {@code iou}, the paper's reward: {@link ReplyScores#iou(List, List)}. That is the IoU of two intervals if
     * sample and reply have one each, else the multi-interval IoU (a repaired sample has several intervals). An answer
     * to a question without an interval scores 0, even where none is annotated.
     */
    record Iou() implements Reward {
        @Override
        public String id() {
            return "iou";
        }

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return ReplyScores.iou(sample, reply);
        }
    }

    /**
     * {@code timestamp_iou}, the timestamp-aware IoU of Time-R1 (arXiv 2503.13377): IoU * (1 - |ds|/D) * (1 - |de|/D),
     * ds and de the distances of start and end, D the duration, all in seconds. Defined by this project: a factor never
     * falls below 0 (a prediction may end far behind the video); a prediction of several intervals counts from its
     * first start to its last end; a repaired sample takes multi-interval IoU and the distances to that annotated
     * interval which favours the prediction most.
     *
     * <p>Time-R1's own code ({@code iou_timestamp_reward_v2}) has no floor at 0; both agree wherever a prediction
     * starts and ends within D of the annotation.
     */
    record TimestampIou() implements Reward {
        @Override
        public String id() {
            return "timestamp_iou";
        }

        @Override
        public double score(Sample sample, ParsedReply reply) {
            double iou = ReplyScores.iou(sample, reply);
            if (iou == 0 || sample.intervals().isEmpty()) {
                return iou;
            }
            double start = reply.intervals().stream()
                    .filter(i -> !i.isEmpty())
                    .mapToDouble(Interval::start)
                    .min()
                    .orElseThrow();
            double end = reply.intervals().stream()
                    .filter(i -> !i.isEmpty())
                    .mapToDouble(Interval::end)
                    .max()
                    .orElseThrow();
            return iou
                    * sample.intervals().stream()
                            .mapToDouble(truth ->
                                    closeness(truth.start() - start, sample) * closeness(truth.end() - end, sample))
                            .max()
                            .orElseThrow();
        }

        private static double closeness(double distance, Sample sample) {
            return Math.max(0, 1 - Math.abs(distance) / sample.duration());
        }
    }

    /**
     * {@code iop}, intersection over prediction: the share of the predicted time that lies in the annotation (NExT-GQA,
     * arXiv 2309.01327, has it as a metric). Alone it rewards tiny predictions, so it belongs beside {@code iou}. An
     * empty or reversed prediction scores 0; "none" scores as under {@code iou}.
     */
    record Iop() implements Reward {
        @Override
        public String id() {
            return "iop";
        }

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return ReplyScores.iop(sample, reply);
        }
    }

    /**
     * {@code format}, the paper's reward: 1 if the reply has the form that its template asks for. The template's
     * parser ({@link org.videotg.core.reply.ReplyParser}) defines the form: videotg's parsers check the whole reply,
     * the parser of another project checks what that project's reward checks.
     */
    record Format() implements Reward {
        @Override
        public String id() {
            return "format";
        }

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return reply.formatted() ? 1 : 0;
        }
    }

    /** {@code answer}: 1 if the option letter of a grounded VideoQA reply is the right one; 0 for every other task. */
    record CorrectAnswer() implements Reward {
        @Override
        public String id() {
            return "answer";
        }

        @Override
        public double score(Sample sample, ParsedReply reply) {
            return ReplyScores.isRight(sample, reply) ? 1 : 0;
        }
    }
}
