package org.videotg.smallworld.pretrain;

import java.util.ArrayList;
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
import org.videotg.models.VisualTokens;
import org.videotg.models.nn.VideoFeatures;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;

/** Cross entropy of the right replies to all tasks about one view, in one packed row. */
final class TaskObjective {
    private static final double MIDDLE_WEIGHT = 4;

    private TaskObjective() {}

    /** Seconds of all grids. */
    static double[] times(TemporalGrids grids) {
        return grids.grids().stream().mapToDouble(grid -> grid.timestamp()).toArray();
    }

    /** One of a video's questions: half grounding, a third listing, the rest multiple choice, as far as it has such. */
    static Sample draw(List<Sample> questions, Random random) {
        double u = random.nextDouble();
        Task kind = u < 0.5 ? Task.VTG : u < 0.83 ? Task.LIST : Task.GQA;
        List<Sample> fitting =
                questions.stream().filter(sample -> sample.task() == kind).toList();
        List<Sample> from = fitting.isEmpty() ? questions : fitting;
        return from.get(random.nextInt(from.size()));
    }

    static Tensor loss(
            Model model,
            ChatTemplate chat,
            PretrainStage stage,
            VisionLabels labels,
            EncodedVideo seen,
            Sample sample,
            Random random,
            Tally tally) {
        TemporalGrids grids = seen.grids();
        boolean masked = sample.task() != Task.GQA && random.nextDouble() < stage.maskShare();
        MaskedTruth truth =
                masked ? MaskedTruth.draw(grids, sample.intervals(), random) : MaskedTruth.whole(sample.intervals());
        VideoFeatures features = seen.features(truth.mask());
        Prefix prefix =
                chat.untilVideo(PromptTemplate.OWN.grounding(sample.query()).before(), seen.visible(truth.mask()));
        PretrainTasks tasks = PretrainTasks.of(chat, sample, grids, truth, stage.probes(), random);
        PackedRow row = new PackedRow(prefix, tasks.suffixes());
        MiddleObjective middle = new MiddleObjective(model);
        Tensor hidden = model.hidden(row, VisualTokens.of(features), middle);
        List<Integer> predictors = new ArrayList<>();
        List<Integer> targets = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int g = 0; g < tasks.suffixes().size(); g++) {
            int[] suffix = tasks.suffixes().get(g);
            int[] rows = row.predictors(g);
            for (int i = tasks.taskTokens().get(g); i < suffix.length; i++) {
                predictors.add(rows[i]);
                targets.add(suffix[i]);
                weights.add(tasks.weights().get(g)
                        / (suffix.length - tasks.taskTokens().get(g)));
            }
        }
        Tensor chosen = hidden.index_select(
                0, Tensors.ids(predictors.stream().mapToInt(Integer::intValue).toArray()));
        Tensor logProbs = model.logits(chosen)
                .log_softmax(1)
                .gather(
                        1,
                        Tensors.ids(targets.stream().mapToInt(Integer::intValue).toArray())
                                .unsqueeze(1))
                .squeeze(1);
        report(tasks, Tensors.toFloats(logProbs), tally);
        float[] weight = new float[weights.size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = weights.get(i).floatValue();
        }
        Tensor loss = logProbs.mul(Tensors.floats(weight, weight.length)).sum().neg();
        if (sample.task() == Task.GQA) {
            return loss;
        }
        float[][] matches = labels.matches(sample.video(), times(grids), sample.query());
        return loss.add(middle.loss(prefix.visualSlots(), features.tokensPerGrid(), seen, truth.mask(), matches, tally)
                .mul(new Scalar(MIDDLE_WEIGHT)));
    }

    /** The whole reply's negative log-likelihood, by task. */
    private static void report(PretrainTasks tasks, float[] logProbs, Tally tally) {
        int at = 0;
        for (int g = 0; g < tasks.suffixes().size(); g++) {
            double sum = 0;
            for (int i = tasks.taskTokens().get(g); i < tasks.suffixes().get(g).length; i++) {
                sum -= logProbs[at++];
            }
            tally.add(tasks.names().get(g), sum);
        }
    }
}
