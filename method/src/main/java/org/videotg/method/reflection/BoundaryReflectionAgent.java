package org.videotg.method.reflection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.Verdict;

/**
 * The Boundary Reflection Agent: looks for query-relevant moments outside the annotation. The agent is the paper's; the
 * reflected view, in which the annotated grids are hidden, and both forms of asking are defined by this project
 * ({@link ReflectionRules}).
 */
public final class BoundaryReflectionAgent extends Agent<ReflectionVerdict> {
    private final ReflectionSettings settings;

    /** @throws InputException if the form is probe and the model can't return the probability of yes */
    public BoundaryReflectionAgent(Mllm mllm, PromptTemplate template, ReflectionSettings settings) {
        super(
                "reflect",
                ReflectionVerdict.class,
                mllm,
                template,
                settings,
                Arrays.asList(settings.form() == QuestionForm.PROBE ? template.yesNo() : template.list()));
        if (settings.form() == QuestionForm.PROBE && mllm.yesNo().isEmpty()) {
            throw new InputException("model " + mllm.identity().name()
                    + " can't return the probability of yes, which the reflection form probe needs; use the form list");
        }
        this.settings = settings;
    }

    @Override
    public void checkQuestion(Sample sample) {
        if (settings.form() == QuestionForm.PROBE) {
            template.probing(sample.query(), 0);
        } else {
            template.listing(sample.query());
        }
    }

    /** A sample whose annotation covers the whole video passes without a question. */
    @Override
    public ReflectionVerdict judge(Sample sample, VideoRef video) {
        TemporalGrids grids = mllm.grids(video);
        GridMask mask = ReflectionRules.mask(grids, sample.intervals(), settings);
        Finding finding = mask.count() == grids.size()
                ? new Finding(Json.MAPPER.createArrayNode(), Optional.of(List.of()), Cost.NONE)
                : settings.form() == QuestionForm.PROBE
                        ? probe(sample, video, grids, mask)
                        : list(sample, video, grids, mask);
        List<Interval> listed = finding.spans().orElse(List.of());
        List<Interval> reflected = ReflectionRules.reflected(listed, sample.intervals(), settings);
        boolean partial = ReflectionRules.partial(reflected, sample.intervals(), settings);
        return new ReflectionVerdict(
                sample.id(),
                reflected,
                partial,
                finding.spans().isEmpty(),
                finding.replies(),
                model(),
                settings(),
                listed,
                Verdict.fingerprint(sample),
                finding.cost(),
                null);
    }

    @Override
    public ReflectionVerdict failure(Sample sample, Cost cost, String error) {
        return new ReflectionVerdict(
                sample.id(),
                List.of(),
                false,
                true,
                null,
                model(),
                settings(),
                List.of(),
                Verdict.fingerprint(sample),
                cost,
                error);
    }

    /** Raw replies and the spans they agree on; empty if at most half of the replies could be parsed. */
    private record Finding(JsonNode replies, Optional<List<Interval>> spans, Cost cost) {}

    private Finding list(Sample sample, VideoRef video, TemporalGrids grids, GridMask mask) {
        Answer answer = ask(
                new VideoView(video, mask),
                template.listing(sample.query()),
                settings.decoding(seed(settings.seed(), sample)));
        List<String> replies = answer.texts();
        List<List<Interval>> parsed = replies.stream()
                .map(reply -> template.read(Task.LIST, reply).parsed())
                .flatMap(Optional::stream)
                .map(ReplyParser.Parsed::intervals)
                .toList();
        return new Finding(
                Json.MAPPER.valueToTree(replies),
                2 * parsed.size() <= replies.size()
                        ? Optional.empty()
                        : Optional.of(ReflectionRules.vote(parsed, settings.voteThreshold(), grids.duration())),
                answer.cost());
    }

    private Finding probe(Sample sample, VideoRef video, TemporalGrids grids, GridMask mask) {
        YesNo yesNo = mllm.yesNo().orElseThrow();
        int[] visible = mask.visible(grids.size());
        List<PromptTemplate.Text> questions = Arrays.stream(visible)
                .mapToObj(grid ->
                        template.probing(sample.query(), grids.grids().get(grid).timestamp()))
                .toList();
        YesNo.Probabilities answer = yesNo.probabilities(
                new VideoView(video, mask),
                questions.get(0).before(),
                questions.stream().map(PromptTemplate.Text::after).toList());
        double[] yes = answer.yes().stream().mapToDouble(Double::doubleValue).toArray();
        ArrayNode replies = Json.MAPPER.createArrayNode();
        for (int i = 0; i < visible.length; i++) {
            replies.addObject()
                    .put("grid", visible[i])
                    .put("time", grids.grids().get(visible[i]).timestamp())
                    .put("yes", yes[i]);
        }
        return new Finding(replies, Optional.of(ReflectionRules.probed(grids, visible, yes, settings)), answer.cost());
    }
}
