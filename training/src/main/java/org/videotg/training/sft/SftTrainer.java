package org.videotg.training.sft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.models.Model;
import org.videotg.models.sequence.PackedRow;
import org.videotg.training.data.BatchOrder;
import org.videotg.training.data.Prompt;
import org.videotg.training.data.Prompts;
import org.videotg.training.data.TrainingData.Row;
import org.videotg.training.step.Learner;
import org.videotg.training.step.RowPasses;
import org.videotg.training.step.StepReport;
import org.videotg.training.step.StepTrainer;

/**
 * Supervised fine-tuning: cross entropy of the annotated replies, mean over the reply tokens of the whole batch.
 *
 * <p>What it leaves out: loss on prompt tokens, label smoothing, packing of several samples into one row, and weights per sample.
 */
public final class SftTrainer implements StepTrainer {
    private final Learner learner;
    private final BatchOrder order;
    private final Prompts prompts;
    private final RowPasses rows;

    public SftTrainer(Learner learner, BatchOrder order, Prompts prompts, RowPasses rows) {
        this.learner = learner;
        this.order = order;
        this.prompts = prompts;
        this.rows = rows;
    }

    /** @throws org.videotg.core.io.InputException if the sample, or the template, lacks the reply to learn */
    public static void check(PromptTemplate template, Sample sample) {
        reply(template, sample);
    }

    /** The reply that a sample is trained to give. */
    public static String reply(PromptTemplate template, Sample sample) {
        return Replies.of(template, sample);
    }

    /** A sample and the reply that is asked for. */
    private record Lesson(Row row, int[] reply) {}

    /** What a row's pass gave. */
    private record Trained(double loss, double maskRatio, long forwards) {}

    @Override
    public StepReport step(long step) {
        List<Lesson> lessons = new ArrayList<>();
        for (Row row : order.rows(step)) {
            lessons.add(new Lesson(row, prompts.reply(Replies.of(prompts.template(), row.sample()))));
        }
        long tokens =
                lessons.stream().mapToLong(lesson -> lesson.reply().length).sum();
        List<Trained> trained = learner.workers().run(lessons, (model, lesson) -> train(model, lesson, tokens, step));
        double mask = trained.stream().mapToDouble(Trained::maskRatio).average().orElse(0);
        double loss = trained.stream().mapToDouble(Trained::loss).sum();
        Map<String, Double> figures = new LinkedHashMap<>(learner.update(step, loss));
        figures.put("maskRatio", mask);
        return new StepReport(
                figures,
                0,
                trained.stream().mapToLong(Trained::forwards).sum(),
                String.format(Locale.ROOT, "loss %.4f, mask %.2f", loss, mask));
    }

    private Trained train(Model model, Lesson lesson, long tokens, long step) {
        Prompt prompt = prompts.of(model, lesson.row(), step);
        PackedRow row = new PackedRow(prompt.prefix(), List.of(lesson.reply()));
        RowPasses.Pass pass = rows.of(model, row, prompt.visual(), 1);
        double sum = 0;
        for (float logProb : pass.values().get(0)) {
            sum += logProb;
        }
        float[] gradient = new float[lesson.reply().length];
        Arrays.fill(gradient, -1f / tokens);
        pass.backward(List.of(gradient));
        return new Trained(-sum / tokens, prompt.maskRatio(), (long) rows.count() * row.length());
    }
}
