package org.videotg.core.mllm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.VideoRef;

/**
 * A stand-in for a model in tests: it knows the truth about every video it was told of, sees what a view shows, and
 * errs as often as it is told to. Videos have grids of one second. A query can be given fixed replies instead.
 */
public class ScriptedMllm implements Mllm, YesNo {
    private final PromptTemplate prompt = PromptTemplate.DEFAULT;
    private final Map<String, Integer> seconds = new HashMap<>();
    private final Map<String, List<Interval>> truth = new HashMap<>();
    private final Map<String, List<String>> fixed = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final double noise;
    private final boolean weighs;
    private long tokens;
    private int left = Integer.MAX_VALUE;
    private RuntimeException failure;

    /**
     * A model.
     *
     * @param noise probability that a reply, or a grid's probability, is wrong
     * @param weighs whether it can weigh yes against no
     */
    public ScriptedMllm(double noise, boolean weighs) {
        this.noise = noise;
        this.weighs = weighs;
    }

    /** Tells it of a video and when the query holds in it. */
    public ScriptedMllm knows(String video, int duration, String query, Interval... intervals) {
        seconds.put(video, duration);
        truth.put(video + "|" + prompt.grounding(query).before(), List.of(intervals));
        return this;
    }

    /** Fixes the replies to a question: the text after the video, about this query. */
    public ScriptedMllm replies(String query, String after, String... replies) {
        return replies(new PromptTemplate.Text(prompt.grounding(query).before(), after), replies);
    }

    /** Fixes the replies to a question of any template. */
    public ScriptedMllm replies(PromptTemplate.Text asked, String... replies) {
        fixed.put(asked.before() + asked.after(), List.of(replies));
        return this;
    }

    /** It dies, as a killed process would, at the question after so many. */
    public ScriptedMllm diesAfter(int questions) {
        left = questions;
        return this;
    }

    /** Every question fails with this. */
    public ScriptedMllm fails(RuntimeException with) {
        failure = with;
        return this;
    }

    /** Every question so far, as video|before the video|after it. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public ModelIdentity identity() {
        return new ModelIdentity("scripted", "oracle", "noise " + noise, "one grid a second");
    }

    @Override
    public TemporalGrids grids(VideoRef video) {
        Integer duration = seconds.get(video.name());
        if (duration == null) {
            throw new InputException(video + " is no readable video; check the path");
        }
        return new TemporalGrids(
                duration,
                IntStream.range(0, duration)
                        .mapToObj(i -> new TemporalGrid(i, i + 0.5, new Interval(i, i + 1)))
                        .toList());
    }

    @Override
    public synchronized Answer ask(Question question, Decoding decoding) {
        TemporalGrids grids = watch(question.view().video());
        int promptTokens = note(question.view(), grids, question.before(), question.after());
        List<Interval> seen = seen(question.view(), grids, question.before());
        List<Reply> replies = new ArrayList<>();
        List<String> script = fixed.get(question.before() + question.after());
        for (int rollout = 0; rollout < decoding.samples(); rollout++) {
            String text = script != null
                    ? script.get(rollout % script.size())
                    : reply(question, seen, grids.duration(), decoding, rollout);
            int length = Math.max(1, text.split(" ").length);
            replies.add(new Reply(text, Math.min(length, decoding.maxTokens()), length > decoding.maxTokens()));
        }
        return new Answer(
                replies,
                promptTokens,
                cost(promptTokens + replies.stream().mapToInt(Reply::tokens).sum()));
    }

    private String reply(Question question, List<Interval> seen, double duration, Decoding decoding, int rollout) {
        List<Interval> named = seen;
        long key = Draw.key(question.before());
        long seed = decoding.temperature() == 0 ? 0 : decoding.seed();
        if (Draw.uniform(seed, "err", key, rollout) < noise) {
            double start = Math.floor(Draw.uniform(seed, "wrong", key, rollout) * (duration - 1));
            named = List.of(new Interval(start, start + 1));
        }
        if (question.after().equals(prompt.list())) {
            return prompt.reply(named);
        }
        String interval = named.isEmpty() ? "none" : prompt.reply(named.get(0));
        return question.after().equals(prompt.ground()) ? interval : "(A) " + interval;
    }

    @Override
    public Optional<YesNo> yesNo() {
        return weighs ? Optional.of(this) : Optional.empty();
    }

    @Override
    public synchronized Probabilities probabilities(VideoView view, String before, List<String> questions) {
        TemporalGrids grids = watch(view.video());
        int promptTokens = note(view, grids, before, "probe");
        List<Interval> seen = seen(view, grids, before);
        List<Double> yes = questions.stream()
                .map(question -> {
                    TemporalGrid grid = grids.grids().stream()
                            .filter(g ->
                                    prompt.probing("", g.timestamp()).after().equals(question))
                            .findFirst()
                            .orElseThrow();
                    boolean holds = seen.stream().anyMatch(interval -> interval.overlaps(grid.span()));
                    boolean wrong = Draw.uniform(0, "probe", Draw.key(before), grid.index()) < noise;
                    return holds != wrong ? 0.95 : 0.05;
                })
                .toList();
        return new Probabilities(yes, promptTokens, cost(promptTokens + questions.size()));
    }

    /** What of the truth lies in visible grids. */
    private List<Interval> seen(VideoView view, TemporalGrids grids, String before) {
        List<Interval> visible = IntStream.of(view.mask().visible(grids.size()))
                .mapToObj(i -> grids.grids().get(i).span())
                .toList();
        List<Interval> holds = truth.getOrDefault(view.video().name() + "|" + before, List.of());
        return Intervals.intersect(holds, visible);
    }

    private TemporalGrids watch(VideoRef video) {
        if (failure != null) {
            throw failure;
        }
        return grids(video);
    }

    private int note(VideoView view, TemporalGrids grids, String before, String after) {
        if (left-- <= 0) {
            throw new IllegalStateException("killed");
        }
        asked.add(view.video().name() + "|" + before + "|" + after);
        int shown =
                view.mask().mode() == MaskMode.DROP ? grids.size() - view.mask().count() : grids.size();
        return shown + before.length() + after.length();
    }

    private Cost cost(long forwards) {
        tokens += forwards;
        return new Cost(forwards, forwards / 1024.0, 0, 0);
    }

    /** What all answers so far have cost. */
    public synchronized Cost cost() {
        return new Cost(tokens, tokens / 1024.0, 0, 0);
    }

    @Override
    public void close() {}
}
