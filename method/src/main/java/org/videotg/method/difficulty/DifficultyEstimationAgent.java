package org.videotg.method.difficulty;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ReadReply;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.Verdict;
import org.videotg.method.reward.Reward;

/**
 * The Difficulty Estimation Agent: zero-shot predictions on the whole video, scored by IoU. The agent is the paper's; K,
 * temperature, tau and the optional list question are defined by this project.
 */
public final class DifficultyEstimationAgent implements Agent<DifficultyVerdict> {
    private static final Reward IOU = Reward.named("iou");

    private final Mllm mllm;
    private final PromptTemplate template;
    private final DifficultySettings settings;
    private final JsonNode recorded;

    /** An agent that asks this model. */
    public DifficultyEstimationAgent(Mllm mllm, PromptTemplate template, DifficultySettings settings) {
        this.mllm = mllm;
        this.template = template;
        this.settings = settings;
        this.recorded = Agent.recorded(settings, template, template.ground(), template.list(), template.choice());
    }

    @Override
    public String label() {
        return "difficulty";
    }

    @Override
    public Class<DifficultyVerdict> verdictType() {
        return DifficultyVerdict.class;
    }

    @Override
    public ModelIdentity model() {
        return mllm.identity();
    }

    @Override
    public JsonNode settings() {
        return recorded;
    }

    @Override
    public void checkAsks(Sample sample) {
        template.question(sample);
        if (settings.list()) {
            template.listing(sample.query());
        }
    }

    @Override
    public DifficultyVerdict judge(Sample sample, VideoRef video) {
        long seed = Draw.bits(settings.seed(), label(), Draw.key(sample.id()));
        Answer answer = ask(video, template.question(sample), settings.decoding(seed));
        List<String> replies = answer.texts();
        List<ReadReply> read = replies.stream()
                .map(reply -> template.read(sample.task(), reply))
                .toList();
        List<Double> ious = read.stream().map(reply -> IOU.score(sample, reply)).toList();
        List<Double> rewards = read.stream()
                .map(reply -> settings.reward().score(sample, reply))
                .toList();
        int failures =
                (int) read.stream().filter(reply -> reply.parsed().isEmpty()).count();
        Answer list = settings.list()
                ? ask(video, template.listing(sample.query()), Decoding.greedy(settings.maxTokens()))
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
                Difficulty.std(rewards),
                failures,
                Difficulty.hard(ious, settings.tau()),
                read.stream().map(ReadReply::intervals).toList(),
                replies,
                listed,
                listReply,
                model(),
                recorded,
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
                recorded,
                Verdict.fingerprint(sample),
                cost,
                error);
    }

    private Answer ask(VideoRef video, PromptTemplate.Text text, Decoding decoding) {
        return mllm.ask(new Question(VideoView.whole(video), text.before(), text.after()), decoding);
    }
}
