package org.videotg.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.reward.Reward;
import org.videotg.method.reward.WeightedReward;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.generate.Generator;
import org.videotg.models.sequence.PackedRow;
import org.videotg.training.data.PromptBuilder.Prompt;
import org.videotg.training.data.TrainingData.Example;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;
import org.videotg.training.loss.LossInputs;
import org.videotg.training.loss.LossOutputs;
import org.videotg.training.recipe.GrpoSettings;

/**
 * Group relative policy optimisation (arXiv 2402.03300). One step: a group of rollouts for each prompt, their rewards
 * and advantages, the loss's gradient over one packed row [prompt | rollouts] per prompt, and one update.
 *
 * <p>It differs from other implementations of GRPO in the following:
 * <ul>
 *   <li>No inner iterations: one update per batch, so the ratio is 1 and there is no pass of an old policy.
 *   <li>The reference pass runs only if the loss has beta above 0; the reference is the model that training began with.
 *   <li>Groups without signal (all rewards equal) are not trained on, because their gradient is zero, unless beta is
 *       above 0.
 *   <li>Dynamic sampling (DAPO, arXiv 2503.14476) only if the recipe asks for it, and in a bounded number of rounds:
 *       groups without signal are replaced by groups with signal of other prompts. Which prompts these are depends on
 *       seed, step and the model alone, and the order of the epochs stays as it is: a replaced prompt counts as seen.
 *       Figures of the rollouts are those of the scheduled groups, whether or not they are replaced.
 *   <li>No importance correction between sampler and trainer: both are the same code with the same weights.
 * </ul>
 */
public final class GrpoTrainer implements Trainer {
    /** The figure that an adaptive curriculum follows: mean IoU of the hard samples' rollouts, if there are any. */
    public static final String HARD_IOU = "hardIou";

    private static final Reward IOU = Reward.named("iou");

    private final Parts parts;
    private final GrpoSettings recipe;
    private final ModelFolder folder;
    private final Model reference;
    private final long seed;

    /**
     * Creates a trainer.
     *
     * @param folder provides the tokenizer and the end tokens of rollouts
     * @param reference the reference model if the loss has beta above 0, else null
     */
    public GrpoTrainer(Parts parts, GrpoSettings recipe, ModelFolder folder, Model reference, long seed) {
        this.parts = parts;
        this.recipe = recipe;
        this.folder = folder;
        this.reference = reference;
        this.seed = seed;
    }

    /**
     * One rollout.
     *
     * @param ids tokens
     * @param text of the tokens
     * @param intervals that it names, in seconds
     */
    private record Rollout(int[] ids, boolean truncated, String text, List<Interval> intervals) {}

    /**
     * The rollouts of one prompt and their rewards.
     *
     * @param rewards one per rollout
     * @param ious IoU of each rollout with the annotation, whatever the rewards are
     * @param maskRatio share of the video's temporal grids that was masked
     * @param tokenForwards compute of the generation
     */
    private record Rollouts(
            List<Rollout> rollouts,
            List<WeightedReward.Breakdown> rewards,
            double[] ious,
            double maskRatio,
            long tokenForwards) {}

    /** An example with its rollouts. */
    private record Group(Example example, Rollouts sampled) {
        List<Rollout> rollouts() {
            return sampled.rollouts();
        }

        double maskRatio() {
            return sampled.maskRatio();
        }

        long tokenForwards() {
            return sampled.tokenForwards();
        }

        double[] totals() {
            return sampled.rewards().stream()
                    .mapToDouble(WeightedReward.Breakdown::total)
                    .toArray();
        }

        /** Returns the mean over the rollouts of each part of the reward before weighting, by its name. */
        Map<String, Double> meanParts() {
            return sampled.rewards().stream()
                    .flatMap(reward -> reward.parts().entrySet().stream())
                    .collect(Collectors.groupingBy(
                            Map.Entry::getKey, LinkedHashMap::new, Collectors.averagingDouble(Map.Entry::getValue)));
        }

        double meanIou() {
            return Arrays.stream(sampled.ious()).average().orElse(0);
        }

        RolloutGroup told() {
            Sample sample = example.sample();
            return new RolloutGroup(
                    sample.id(),
                    sample.query(),
                    sample.duration(),
                    sample.intervals(),
                    maskRatio(),
                    IntStream.range(0, rollouts().size())
                            .mapToObj(i -> new RolloutGroup.Rollout(
                                    rollouts().get(i).text(),
                                    rollouts().get(i).intervals(),
                                    sampled.rewards().get(i).total(),
                                    sampled.rewards().get(i).parts()))
                            .toList());
        }

        boolean hasSignal() {
            return Advantages.hasSignal(totals());
        }

        long tokens() {
            return rollouts().stream()
                    .mapToLong(rollout -> rollout.ids().length)
                    .sum();
        }
    }

    /** The loss of one group and the token-forwards of its passes. */
    private record GroupLoss(double loss, double kl, double clipFraction, long forwards) {}

    @Override
    public StepReport step(long step) {
        List<Group> scheduled = sample(parts.samples().order().examples(step), step);
        Resampled resampled = resample(scheduled, step);
        List<Group> groups = resampled.groups();
        LossInputs.Batch batch = new LossInputs.Batch(
                groups.stream().mapToInt(group -> group.rollouts().size()).sum(),
                groups.stream().mapToLong(Group::tokens).sum(),
                groups.size(),
                recipe.maxTokens());
        List<Group> trained = groups.stream()
                .filter(group -> group.hasSignal() || reference != null)
                .toList();
        List<GroupLoss> rows = parts.workers()
                .run(new ModelWorkers.Job<>(
                        trained,
                        group -> parts.samples().lengths().applyAsLong(group.example()) + group.tokens(),
                        GroupLoss.class,
                        ModelWorkers.Pass.each((model, group) -> train(model, group, batch, step))));
        double loss = rows.stream().mapToDouble(GroupLoss::loss).sum();
        return report(scheduled, resampled, rows, parts.updater().update(step, loss));
    }

    private List<Group> sample(List<Example> examples, long step) {
        List<Rollouts> sampled = parts.workers()
                .run(new ModelWorkers.Job<>(
                                examples,
                                parts.samples().lengths(),
                                Rollouts.class,
                                (model, share, progress) -> sample(model, share, step, progress))
                        .inference());
        return IntStream.range(0, examples.size())
                .mapToObj(i -> new Group(examples.get(i), sampled.get(i)))
                .toList();
    }

    /**
     * The groups to train on.
     *
     * @param tried groups of other prompts, those without signal included
     */
    private record Resampled(List<Group> groups, List<Group> tried) {}

    /** Replaces groups without signal, as far as other prompts and rounds reach. */
    private Resampled resample(List<Group> scheduled, long step) {
        List<Group> groups = new ArrayList<>(scheduled);
        List<Group> tried = new ArrayList<>();
        List<Example> others =
                recipe.resample() == 0 ? List.of() : parts.samples().order().replacements(step);
        for (int round = 0; round < recipe.resample(); round++) {
            List<Integer> silent = IntStream.range(0, groups.size())
                    .filter(i -> !groups.get(i).hasSignal())
                    .boxed()
                    .toList();
            int end = Math.min(tried.size() + silent.size(), others.size());
            List<Group> further = sample(others.subList(tried.size(), end), step);
            tried.addAll(further);
            List<Group> found = further.stream().filter(Group::hasSignal).toList();
            for (int i = 0; i < found.size(); i++) {
                groups.set(silent.get(i), found.get(i));
            }
        }
        return new Resampled(groups, tried);
    }

    /** Generates and rewards the rollouts of prompts. */
    private List<Rollouts> sample(Model model, List<Example> examples, long step, Runnable progress) {
        Decoding decoding = new Decoding(recipe.group(), recipe.temperature(), recipe.maxTokens(), seed);
        Map<Integer, Double> maskRatios = new HashMap<>();
        List<Generator.Request> requests = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            int number = i;
            Example example = examples.get(i);
            long key =
                    Draw.bits(seed, "rollout", step, Draw.key(example.sample().id()) + example.repeat());
            requests.add(new Generator.Request(
                    () -> {
                        progress.run();
                        Prompt prompt = parts.prompts().prompt(model, example, step);
                        maskRatios.put(number, prompt.maskRatio());
                        return new Generator.Prompt(prompt.prefix(), prompt.visual());
                    },
                    decoding,
                    key));
        }
        List<Generator.Generated> generated =
                new Generator(model, folder.endTokens()).generate(requests, recipe.rolloutsTogether());
        return IntStream.range(0, examples.size())
                .mapToObj(i -> rewarded(examples.get(i).sample(), generated.get(i), maskRatios.get(i)))
                .toList();
    }

    private Rollouts rewarded(Sample sample, Generator.Generated generated, double maskRatio) {
        List<ParsedReply> replies = generated.rollouts().stream()
                .map(rollout -> parts.prompts()
                        .template()
                        .read(sample.task(), folder.tokenizer().decode(rollout.ids())))
                .toList();
        return new Rollouts(
                IntStream.range(0, replies.size())
                        .mapToObj(i -> new Rollout(
                                generated.rollouts().get(i).ids(),
                                generated.rollouts().get(i).truncated(),
                                replies.get(i).text(),
                                replies.get(i).intervals()))
                        .toList(),
                replies.stream()
                        .map(reply -> recipe.rewards().breakdown(sample, reply))
                        .toList(),
                replies.stream().mapToDouble(reply -> IOU.score(sample, reply)).toArray(),
                maskRatio,
                generated.tokenForwards());
    }

    /** Runs the forward and backward pass of one packed row. */
    private GroupLoss train(Model model, Group group, LossInputs.Batch batch, long step) {
        Prompt prompt = parts.prompts().prompt(model, group.example(), step);
        PackedRow row = new PackedRow(
                prompt.prefix(), group.rollouts().stream().map(Rollout::ids).toList());
        RowPasses.Pass pass = parts.passes().forward(model, row, prompt.visual(), recipe.temperature());
        List<float[]> referenceLogProbs = reference == null ? null : referenceLogProbs(group, row, step);
        LossOutputs outputs =
                recipe.loss().settings().compute(inputs(group, pass.logProbs(), referenceLogProbs, batch));
        pass.backward(outputs.gradients());
        long passes = (long) parts.passes().forwardsPerToken() + (reference == null ? 0 : 1);
        return new GroupLoss(outputs.loss(), outputs.kl(), outputs.clipFraction(), passes * row.length());
    }

    private LossInputs inputs(
            Group group, List<float[]> logProbs, List<float[]> referenceLogProbs, LossInputs.Batch batch) {
        double[] advantages = Advantages.of(group.totals(), recipe.advantagesByStd());
        List<LossInputs.Rollout> rollouts = new ArrayList<>();
        for (int g = 0; g < logProbs.size(); g++) {
            rollouts.add(new LossInputs.Rollout(
                    logProbs.get(g),
                    null,
                    referenceLogProbs == null ? null : referenceLogProbs.get(g),
                    advantages[g],
                    group.rollouts().get(g).truncated()));
        }
        return new LossInputs(rollouts, batch);
    }

    private List<float[]> referenceLogProbs(Group group, PackedRow row, long step) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Prompt prompt = parts.prompts().prompt(reference, group.example(), step);
            return parts.passes().logProbs(reference, row, prompt.visual(), recipe.temperature());
        }
    }

    private StepReport report(
            List<Group> groups, Resampled resampled, List<GroupLoss> rows, Map<String, Double> update) {
        double reward = mean(groups, group -> Advantages.mean(group.totals()));
        double spread = mean(groups, group -> WeightedReward.std(group.totals()));
        double noSignal = noSignal(groups);
        double mask = mean(groups, Group::maskRatio);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("reward", reward);
        figures.put("rewardStd", spread);
        figures.put("iou", mean(groups, Group::meanIou));
        recipe.rewards()
                .weights()
                .keySet()
                .forEach(name -> figures.put(
                        "reward." + name,
                        mean(groups, group -> group.meanParts().get(name))));
        figures.put("noSignal", noSignal);
        List<Group> hard =
                groups.stream().filter(group -> group.example().hard()).toList();
        if (!hard.isEmpty()) {
            figures.put(HARD_IOU, mean(hard, Group::meanIou));
            figures.put("hardNoSignal", noSignal(hard));
        }
        if (recipe.resample() > 0) {
            figures.put("noSignalAfter", noSignal(resampled.groups()));
            figures.put("resampled", (double) resampled.tried().size());
        }
        figures.put("maskRatio", mask);
        figures.put("truncated", mean(groups, group -> mean(group.rollouts(), reply -> reply.truncated() ? 1 : 0)));
        figures.put("replyTokens", mean(groups, group -> mean(group.rollouts(), reply -> reply.ids().length)));
        figures.putAll(update);
        figures.put("kl", mean(rows, GroupLoss::kl));
        figures.put("clipFraction", mean(rows, GroupLoss::clipFraction));
        return new StepReport(
                figures,
                Stream.concat(groups.stream(), resampled.tried().stream())
                        .mapToLong(Group::tokenForwards)
                        .sum(),
                rows.stream().mapToLong(GroupLoss::forwards).sum(),
                groups.stream().map(Group::told).toList(),
                String.format(
                        Locale.ROOT,
                        "reward %.3f (spread %.3f), no signal %.0f%%, mask %.2f",
                        reward,
                        spread,
                        100 * noSignal,
                        mask));
    }

    private static double noSignal(List<Group> groups) {
        return mean(groups, group -> group.hasSignal() ? 0 : 1);
    }

    private static <T> double mean(List<T> items, ToDoubleFunction<T> figure) {
        return items.stream().mapToDouble(figure).average().orElse(0);
    }
}
