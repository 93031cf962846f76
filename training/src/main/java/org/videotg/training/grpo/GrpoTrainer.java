package org.videotg.training.grpo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.reply.ReadReply;
import org.videotg.core.run.Draw;
import org.videotg.method.reward.Reward;
import org.videotg.models.Model;
import org.videotg.models.generate.Generator;
import org.videotg.models.generate.Rollout;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.Prompt;
import org.videotg.training.data.Prompts;
import org.videotg.training.data.TrainingData.Row;
import org.videotg.training.loss.Advantages;
import org.videotg.training.loss.LossInputs;
import org.videotg.training.loss.LossOutputs;
import org.videotg.training.loss.PolicyLoss;
import org.videotg.training.recipe.GrpoRecipe;
import org.videotg.training.step.Learner;
import org.videotg.training.step.RowPasses;
import org.videotg.training.step.StepReport;
import org.videotg.training.step.StepTrainer;

/**
 * Group relative policy optimisation (arXiv 2402.03300). One step: for each prompt a group of rollouts, their rewards and
 * advantages, then the loss's gradient over one packed row [prompt | rollouts] a prompt, and one update.
 *
 * <p>What it leaves out of GRPO as others have it:
 * <ul>
 *   <li>inner iterations: one update a batch, so the ratio is 1 and there is no pass of an old policy;
 *   <li>the reference pass, unless the loss has beta above 0; the reference is then the model that training began with;
 *   <li>training passes over groups without signal (all rewards equal): their gradient is zero. With beta above 0 they stay in;
 *   <li>DAPO's dynamic sampling: such groups are counted, not replaced;
 *   <li>importance correction between sampler and trainer: both are the same code and weights.
 * </ul>
 */
public final class GrpoTrainer implements StepTrainer {
    private static final Reward IOU = Reward.named("iou");

    private final Learner learner;
    private final GrpoRecipe recipe;
    private final BatchOrder order;
    private final Prompts prompts;
    private final Tokenizer tokenizer;
    private final Set<Integer> endTokens;
    private final Model reference;
    private final long seed;
    private final RowPasses rows;

    /** @param reference read only if the loss has beta above 0, else null */
    public GrpoTrainer(
            Learner learner,
            GrpoRecipe recipe,
            BatchOrder order,
            Prompts prompts,
            Tokenizer tokenizer,
            Set<Integer> endTokens,
            Model reference,
            long seed,
            RowPasses rows) {
        this.learner = learner;
        this.recipe = recipe;
        this.order = order;
        this.prompts = prompts;
        this.tokenizer = tokenizer;
        this.endTokens = endTokens;
        this.reference = reference;
        this.seed = seed;
        this.rows = rows;
    }

    @Override
    public StepReport step(long step) {
        List<Group> groups = learner.workers().infer(order.rows(step), (model, row) -> roll(model, row, step));
        LossInputs.Batch batch = new LossInputs.Batch(
                groups.stream().mapToInt(group -> group.rollouts().size()).sum(),
                groups.stream().mapToLong(Group::tokens).sum(),
                groups.size(),
                recipe.maxTokens());
        List<Group> taught = groups.stream()
                .filter(group -> group.hasSignal() || reference != null)
                .toList();
        List<Trained> trained = learner.workers().run(taught, (model, group) -> train(model, group, batch, step));
        double loss = trained.stream().mapToDouble(part -> part.loss().loss()).sum();
        return report(groups, trained, learner.update(step, loss));
    }

    /** The rollouts of one prompt. */
    private Group roll(Model model, Row row, long step) {
        Prompt prompt = prompts.of(model, row, step);
        Decoding decoding = new Decoding(recipe.group(), recipe.temperature(), recipe.maxTokens(), seed);
        long key = Draw.bits(seed, "rollout", step, Draw.key(row.sample().id()) + row.repeat());
        Generator.Generated generated =
                new Generator(model, endTokens).generate(prompt.prefix(), prompt.visual(), decoding, key);
        List<ReadReply> replies = generated.rollouts().stream()
                .map(rollout -> prompts.template().read(row.sample().task(), tokenizer.decode(rollout.ids())))
                .toList();
        return new Group(
                row,
                generated.rollouts(),
                replies.stream()
                        .map(reply -> recipe.rewards().breakdown(row.sample(), reply))
                        .toList(),
                replies.stream()
                        .mapToDouble(reply -> IOU.score(row.sample(), reply))
                        .toArray(),
                prompt.maskRatio(),
                generated.tokenForwards());
    }

    /** What a row's training pass gave. */
    private record Trained(LossOutputs loss, long forwards) {}

    /** Forward and backward over one packed row. */
    private Trained train(Model model, Group group, LossInputs.Batch batch, long step) {
        Prompt prompt = prompts.of(model, group.row(), step);
        PackedRow row = new PackedRow(
                prompt.prefix(), group.rollouts().stream().map(Rollout::ids).toList());
        RowPasses.Pass pass = rows.of(model, row, prompt.visual(), recipe.temperature());
        List<float[]> values = pass.values();
        List<float[]> referenceValues = reference == null ? null : referenceValues(group, row, step);
        LossOutputs outputs = loss().compute(inputs(group, values, referenceValues, batch));
        pass.backward(outputs.gradients());
        long passes = (long) rows.count() + (reference == null ? 0 : 1);
        return new Trained(outputs, passes * row.length());
    }

    private LossInputs inputs(
            Group group, List<float[]> values, List<float[]> referenceValues, LossInputs.Batch batch) {
        double[] advantages = Advantages.of(group.rewards(), recipe.advantagesByStd());
        List<LossInputs.Rollout> rollouts = new ArrayList<>();
        for (int g = 0; g < values.size(); g++) {
            rollouts.add(new LossInputs.Rollout(
                    values.get(g),
                    null,
                    referenceValues == null ? null : referenceValues.get(g),
                    advantages[g],
                    group.rollouts().get(g).truncated()));
        }
        return new LossInputs(rollouts, batch);
    }

    private List<float[]> referenceValues(Group group, PackedRow row, long step) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Prompt seen = prompts.of(reference, group.row(), step);
            return rows.values(reference, row, seen.visual(), recipe.temperature());
        }
    }

    private PolicyLoss loss() {
        return recipe.loss().settings();
    }

    private StepReport report(List<Group> groups, List<Trained> trained, Map<String, Double> update) {
        double reward = mean(groups, group -> Advantages.mean(group.rewards()));
        double spread = mean(groups, group -> Advantages.std(group.rewards()));
        double silent = mean(groups, group -> group.hasSignal() ? 0 : 1);
        double mask = mean(groups, Group::maskRatio);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("reward", reward);
        figures.put("rewardStd", spread);
        figures.put(
                "iou",
                mean(groups, group -> Arrays.stream(group.ious()).average().orElse(0)));
        recipe.rewards()
                .weights()
                .keySet()
                .forEach(label -> figures.put(
                        "reward." + label, mean(groups, group -> group.parts().get(label))));
        figures.put("noSignal", silent);
        figures.put("maskRatio", mask);
        figures.put(
                "truncated",
                mean(
                        groups,
                        group -> group.rollouts().stream()
                                        .filter(Rollout::truncated)
                                        .count()
                                / (double) group.rollouts().size()));
        figures.put(
                "replyTokens",
                mean(groups, group -> (double) group.tokens() / group.rollouts().size()));
        figures.putAll(update);
        figures.put(
                "kl",
                trained.stream().mapToDouble(part -> part.loss().kl()).average().orElse(0));
        figures.put(
                "clipFraction",
                trained.stream()
                        .mapToDouble(part -> part.loss().clipFraction())
                        .average()
                        .orElse(0));
        return new StepReport(
                figures,
                groups.stream().mapToLong(Group::tokenForwards).sum(),
                trained.stream().mapToLong(Trained::forwards).sum(),
                String.format(
                        Locale.ROOT,
                        "reward %.3f (spread %.3f), no signal %.0f%%, mask %.2f",
                        reward,
                        spread,
                        100 * silent,
                        mask));
    }

    private static double mean(List<Group> groups, ToDoubleFunction<Group> figure) {
        return groups.stream().mapToDouble(figure).average().orElse(0);
    }
}
