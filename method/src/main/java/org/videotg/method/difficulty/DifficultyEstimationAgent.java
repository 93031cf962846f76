package org.videotg.method.difficulty;

import java.util.Arrays;
import java.util.List;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.Verdict;
import org.videotg.method.reward.Reward;
import org.videotg.method.reward.WeightedReward;

/**
 * The Difficulty Estimation Agent: zero-shot predictions on the whole video, scored by IoU. The agent is the paper's;
 * K, temperature, tau and the optional list question are defined by this project.
 */
public final class DifficultyEstimationAgent extends Agent<DifficultyVerdict> {
    private static final Reward IOU = Reward.named("iou");

    private final DifficultySettings settings;

    public DifficultyEstimationAgent(Mllm mllm, PromptTemplate template, DifficultySettings settings) {
        super(
                "difficulty",
                DifficultyVerdict.class,
                mllm,
                template,
                settings,
                Arrays.asList(template.ground(), template.list(), template.choice()));
        this.settings = settings;
    }

    @Override
    public void checkQuestion(Sample sample) {
        template.question(sample);
        if (settings.list()) {
            template.listing(sample.query());
        }
    }

    @Override
    public DifficultyVerdict judge(Sample sample, VideoRef video) {
        VideoView whole = VideoView.whole(video);
        Answer answer = ask(whole, template.question(sample), settings.decoding(seed(settings.seed(), sample)));
        List<String> replies = answer.texts();
        List<ParsedReply> read = replies.stream()
                .map(reply -> template.read(sample.task(), reply))
                .toList();
        List<Double> ious = read.stream().map(reply -> IOU.score(sample, reply)).toList();
        double[] rewards = read.stream()
                .mapToDouble(reply -> settings.reward().score(sample, reply))
                .toArray();
        int failures =
                (int) read.stream().filter(reply -> reply.parsed().isEmpty()).count();
        Answer list = settings.list()
                ? ask(whole, template.listing(sample.query()), Decoding.greedy(settings.maxTokens()))
                : null;
        String listReply = list == null ? null : list.texts().get(0);
        List<Interval> listed = listReply == null
                ? null
                : template.read(Task.LIST, listReply)
                        .parsed()
                        .map(ReplyParser.Parsed::intervals)
                        .orElse(null);
        return new DifficultyVerdict(
                sample.id(),
                ious,
                WeightedReward.std(rewards),
                failures,
                DifficultyRules.hard(ious, settings.tau()),
                read.stream().map(ParsedReply::intervals).toList(),
                replies,
                listed,
                listReply,
                model(),
                settings(),
                Verdict.fingerprint(sample),
                list == null ? answer.cost() : answer.cost().plus(list.cost()),
                null);
    }

    @Override
    public DifficultyVerdict failure(Sample sample, Cost cost, String error) {
        return new DifficultyVerdict(
                sample.id(),
                List.of(),
                0,
                0,
                false,
                List.of(),
                List.of(),
                null,
                null,
                model(),
                settings(),
                Verdict.fingerprint(sample),
                cost,
                error);
    }
}
