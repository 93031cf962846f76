package org.videotg.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.models.Model;
import org.videotg.models.sequence.PackedRow;
import org.videotg.training.data.PromptBuilder.Prompt;
import org.videotg.training.data.TrainingData.Example;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;

/**
 * Supervised fine-tuning: cross entropy of the annotated replies, mean over the reply tokens of the whole batch.
 *
 * <p>Not implemented: loss on prompt tokens, label smoothing, packing of several samples into one row, weights per
 * sample.
 */
public final class SftTrainer implements Trainer {
    private final Parts parts;

    public SftTrainer(Parts parts) {
        this.parts = parts;
    }

    /**
     * Returns the reply that a sample is trained to give: for one interval the longest annotated one, or "none" without
     * any.
     *
     * @throws InputException if the sample lacks its answer, or the template can't write such a reply
     */
    public static String reply(PromptTemplate template, Sample sample) {
        return switch (sample.task()) {
            case VTG ->
                sample.intervals().stream()
                        .max(Comparator.comparingDouble(Interval::length))
                        .map(template::reply)
                        .orElseGet(() -> template.reply(List.of()));
            case LIST -> template.reply(sample.intervals());
            case GQA -> {
                if (sample.answer() == null || sample.intervals().isEmpty()) {
                    throw new InputException("sample \"" + sample.id()
                            + "\" (task gqa) lacks \"answer\" or \"intervals\"; supervised training needs both");
                }
                yield template.reply(sample.answer(), sample.intervals());
            }
        };
    }

    /** An example and the tokens of its reply. */
    private record Target(Example example, int[] reply) {}

    /** One reply's share of the loss. */
    private record ReplyLoss(double loss, double maskRatio, long forwards) {}

    @Override
    public StepReport step(long step) {
        List<Target> targets = new ArrayList<>();
        for (Example example : parts.samples().order().examples(step)) {
            String reply = reply(parts.prompts().template(), example.sample());
            targets.add(new Target(example, parts.prompts().reply(reply)));
        }
        long tokens =
                targets.stream().mapToLong(target -> target.reply().length).sum();
        List<ReplyLoss> rows = parts.workers()
                .run(new ModelWorkers.Job<>(
                        targets,
                        target -> parts.samples().lengths().applyAsLong(target.example()) + target.reply().length,
                        ReplyLoss.class,
                        ModelWorkers.Pass.each((model, target) -> train(model, target, tokens, step))));
        double mask = rows.stream().mapToDouble(ReplyLoss::maskRatio).average().orElse(0);
        double loss = rows.stream().mapToDouble(ReplyLoss::loss).sum();
        Map<String, Double> figures = new LinkedHashMap<>(parts.updater().update(step, loss));
        figures.put("maskRatio", mask);
        return new StepReport(
                figures,
                0,
                rows.stream().mapToLong(ReplyLoss::forwards).sum(),
                List.of(),
                String.format(Locale.ROOT, "loss %.4f, mask %.2f", loss, mask));
    }

    private ReplyLoss train(Model model, Target target, long tokens, long step) {
        Prompt prompt = parts.prompts().prompt(model, target.example(), step);
        PackedRow row = new PackedRow(prompt.prefix(), List.of(target.reply()));
        RowPasses.Pass pass = parts.passes().forward(model, row, prompt.visual(), 1);
        double sum = 0;
        for (float logProb : pass.logProbs().get(0)) {
            sum += logProb;
        }
        float[] gradient = new float[target.reply().length];
        Arrays.fill(gradient, -1f / tokens);
        pass.backward(List.of(gradient));
        return new ReplyLoss(
                -sum / tokens, prompt.maskRatio(), (long) parts.passes().forwardsPerToken() * row.length());
    }
}
