package org.videotg.train.pretrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.model.Qwen3Vl;
import org.videotg.model.VisualTokens;
import org.videotg.model.preprocess.SeenVideo;
import org.videotg.model.sequence.ChatTemplate;
import org.videotg.model.sequence.PackedRow;
import org.videotg.model.sequence.Prefix;
import org.videotg.model.tensor.Tensors;
import org.videotg.model.vision.VideoFeatures;

/** Cross entropy of the right replies to all tasks about one view, in one packed row. */
final class TaskObjective {
    private static final double MATCH_WEIGHT = 6;

    private TaskObjective() {}

    /** Seconds of all grids. */
    static double[] times(TemporalGrids grids) {
        return grids.grids().stream().mapToDouble(grid -> grid.timestamp()).toArray();
    }

    /** One of a video's questions: half grounding, a third listing, the rest multiple choice, as far as it has such. */
    static Sample draw(List<Sample> questions, Random random) {
        double u = random.nextDouble();
        Task kind = u < 0.5 ? Task.VTG : u < 0.83 ? Task.LIST : Task.GQA;
        List<Sample> fitting = questions.stream().filter(sample -> sample.task() == kind).toList();
        List<Sample> from = fitting.isEmpty() ? questions : fitting;
        return from.get(random.nextInt(from.size()));
    }

    static Tensor loss(Qwen3Vl model, ChatTemplate chat, PretrainStage stage, VisionLabels labels, SeenVideo seen, Sample sample,
            Random random, Tally tally) {
        TemporalGrids grids = seen.grids();
        boolean masked = sample.task() != Task.GQA && random.nextDouble() < stage.maskShare();
        MaskedTruth truth = masked ? MaskedTruth.draw(grids, sample.intervals(), random) : MaskedTruth.whole(sample.intervals());
        VideoFeatures features = seen.features(truth.mask());
        Prefix prefix = chat.untilVideo(PromptTemplate.OWN.beforeVideo(sample.query()), seen.timestamps(truth.mask()),
                features.gridHeight(), features.gridWidth());
        PretrainTasks tasks = PretrainTasks.of(chat, sample, grids, truth, stage.probes(), random);
        PackedRow row = new PackedRow(prefix, tasks.suffixes());
        Tensor[] middle = new Tensor[1];
        int matchLayer = PretrainHead.matchLayer(model);
        Tensor hidden = model.hidden(row, VisualTokens.of(features), (layer, state) -> middle[0] = layer == matchLayer ? state : middle[0]);
        List<Integer> predictors = new ArrayList<>();
        List<Integer> targets = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int g = 0; g < tasks.suffixes().size(); g++) {
            int[] suffix = tasks.suffixes().get(g);
            int[] rows = row.predictors(g);
            for (int i = tasks.taskTokens().get(g); i < suffix.length; i++) {
                predictors.add(rows[i]);
                targets.add(suffix[i]);
                weights.add(tasks.weights().get(g) / (suffix.length - tasks.taskTokens().get(g)));
            }
        }
        Tensor chosen = hidden.index_select(0, Tensors.ids(predictors.stream().mapToInt(Integer::intValue).toArray()));
        Tensor logProbs = model.logits(chosen).log_softmax(1)
                .gather(1, Tensors.ids(targets.stream().mapToInt(Integer::intValue).toArray()).unsqueeze(1)).squeeze(1);
        report(tasks, Tensors.toFloats(logProbs), tally);
        float[] weight = new float[weights.size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = weights.get(i).floatValue();
        }
        Tensor loss = logProbs.mul(Tensors.floats(weight, weight.length)).sum().neg();
        return sample.task() == Task.GQA ? loss
                : loss.add(match(model, middle[0].squeeze(0).index_select(0, Tensors.ids(prefix.visualSlots())), features,
                        labels.matches(sample.video(), times(grids), sample.query()), truth, seen.timestamps(truth.mask()), tally));
    }

    /** Cross entropy of how much of the query holds in each grid that is shown; a black grid shows nothing. */
    private static Tensor match(Qwen3Vl model, Tensor visual, VideoFeatures features, float[][] matches, MaskedTruth truth,
            double[] timestamps, Tally tally) {
        boolean dropped = truth.mask().mode() == MaskMode.DROP;
        int[] shown = dropped ? truth.mask().visible(matches.length) : IntStream.range(0, matches.length).toArray();
        float[] targets = new float[shown.length * PretrainHead.MATCHES];
        for (int i = 0; i < shown.length; i++) {
            if (!truth.mask().isMasked(shown[i])) {
                System.arraycopy(matches[shown[i]], 0, targets, i * PretrainHead.MATCHES, PretrainHead.MATCHES);
            }
        }
        Tensor perGrid = PretrainHead.perGrid(model, visual, features.tokensPerGrid());
        Tensor logits = PretrainHead.match(model, perGrid);
        Tensor expected = Tensors.floats(targets, shown.length, PretrainHead.MATCHES);
        Tensor loss = torch.binary_cross_entropy_with_logits(logits, expected);
        tally.add("match", loss.item_double());
        tally.add("matchAll", torch.binary_cross_entropy_with_logits(logits.select(1, 4), expected.select(1, 4)).item_double());
        Tensor time = PretrainHead.timeLoss(model, perGrid, timestamps);
        tally.add("time", time.item_double());
        return loss.mul(new Scalar(MATCH_WEIGHT)).add(time.mul(new Scalar(MatchObjective.TIME_WEIGHT)));
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
