package org.videotg.smallworld.pretrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.models.EncodedVideo;
import org.videotg.models.Model;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;
import org.videotg.smallworld.pretrain.StageObjective.Metrics;

/**
 * The cross entropy of the right replies to all tasks about one view of a video, in one packed row [video | task and
 * reply | ...], plus the loss of the auxiliary heads.
 */
record AnswerLoss(ChatTemplate chat, PretrainStage stage, VisionLabels labels) {
    private static final PromptTemplate PROMPT = PromptTemplate.DEFAULT;
    private static final double MIDDLE_WEIGHT = 4;

    /**
     * A task and its reply; only the reply is trained on.
     *
     * @param tokens of the task and the reply
     * @param taskTokens number of tokens of the task
     * @param weight in the loss
     */
    private record TaskReply(String name, int[] tokens, int taskTokens, double weight) {}

    /** Returns the timestamps of all grids in seconds. */
    static double[] times(TemporalGrids grids) {
        return grids.grids().stream().mapToDouble(grid -> grid.timestamp()).toArray();
    }

    Tensor compute(Model model, EncodedVideo video, Sample sample, Random random, Metrics metrics) {
        TemporalGrids grids = video.grids();
        boolean masked = sample.task() != Task.GQA && random.nextDouble() < stage.maskShare();
        MaskedView view =
                masked ? MaskedView.draw(grids, sample.intervals(), random) : MaskedView.unmasked(sample.intervals());
        GridFeatures features = video.features(view.mask());
        Prefix prefix = chat.prefix(PROMPT.grounding(sample.query()).before(), video.visible(view.mask()));
        List<TaskReply> tasks = tasks(sample, grids, view, random);
        PackedRow row =
                new PackedRow(prefix, tasks.stream().map(TaskReply::tokens).toList());
        MiddleLayerLoss middle = new MiddleLayerLoss(model);
        Tensor hidden = model.hidden(row, VisualEmbeddings.of(features), middle);
        int count = tasks.stream()
                .mapToInt(task -> task.tokens().length - task.taskTokens())
                .sum();
        int[] predictors = new int[count];
        int[] targets = new int[count];
        float[] weights = new float[count];
        int next = 0;
        for (int g = 0; g < tasks.size(); g++) {
            TaskReply task = tasks.get(g);
            int[] rows = row.predictors(g);
            for (int i = task.taskTokens(); i < task.tokens().length; i++) {
                predictors[next] = rows[i];
                targets[next] = task.tokens()[i];
                weights[next++] = (float) (task.weight() / (task.tokens().length - task.taskTokens()));
            }
        }
        Tensor logProbs = model.logits(hidden.index_select(0, Tensors.ids(predictors)))
                .log_softmax(1)
                .gather(1, Tensors.ids(targets).unsqueeze(1))
                .squeeze(1);
        report(tasks, Tensors.toFloats(logProbs), metrics);
        Tensor loss = logProbs.mul(Tensors.floats(weights, count)).sum().neg();
        if (sample.task() == Task.GQA) {
            return loss;
        }
        float[][] matches = labels.matches(sample.video(), times(grids), sample.query());
        return loss.add(middle.compute(prefix.visualSlots(), video, view.mask(), matches, metrics)
                .mul(new Scalar(MIDDLE_WEIGHT)));
    }

    private List<TaskReply> tasks(Sample sample, TemporalGrids grids, MaskedView view, Random random) {
        if (sample.task() == Task.GQA) {
            return List.of(task(
                    "choice",
                    PROMPT.answering(sample.query(), sample.options()).after(),
                    PROMPT.reply(sample.answer(), sample.intervals()),
                    1));
        }
        List<TaskReply> tasks = new ArrayList<>();
        if (view.complete() && sample.intervals().size() == 1) {
            tasks.add(task(
                    "ground", PROMPT.ground(), PROMPT.reply(sample.intervals().get(0)), 1));
        }
        tasks.add(task("list", PROMPT.list(), PROMPT.reply(view.visible()), 1));
        addProbes(tasks, sample.query(), grids, view, random);
        return tasks;
    }

    /** Adds yes-or-no questions about random visible grids, a third of them where the query holds, if anywhere. */
    private void addProbes(List<TaskReply> tasks, String query, TemporalGrids grids, MaskedView view, Random random) {
        BitSet holds = MaskedView.grids(grids, view.visible());
        int[] visible = view.mask().visible(grids.size());
        int[] positive = Arrays.stream(visible).filter(holds::get).toArray();
        for (int i = 0; i < stage.probes(); i++) {
            int[] from = i % 3 == 0 && positive.length > 0 ? positive : visible;
            int grid = from[random.nextInt(from.length)];
            tasks.add(task(
                    "probe",
                    PROMPT.probing(query, grids.grids().get(grid).timestamp()).after(),
                    holds.get(grid) ? "yes" : "no",
                    1.5 / stage.probes()));
        }
    }

    private TaskReply task(String name, String text, String reply, double weight) {
        int[] task = chat.afterVideo(text);
        int[] answer = chat.reply(reply);
        int[] tokens = Arrays.copyOf(task, task.length + answer.length);
        System.arraycopy(answer, 0, tokens, task.length, answer.length);
        return new TaskReply(name, tokens, task.length, weight);
    }

    /** Reports the negative log-likelihood of whole replies by task. */
    private static void report(List<TaskReply> tasks, float[] logProbs, Metrics metrics) {
        int next = 0;
        for (TaskReply task : tasks) {
            double sum = 0;
            for (int i = task.taskTokens(); i < task.tokens().length; i++) {
                sum -= logProbs[next++];
            }
            metrics.add(task.name(), sum);
        }
    }
}
