package org.videotg.smallworld.pretrain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.run.Draw;
import org.videotg.models.Model;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.nn.VideoFeatures;
import org.videotg.models.tensor.Tensors;

/**
 * Linear heads held among the model's parameters while it is pretrained and thrown away afterwards: one reads what can be seen
 * from the tower's output, one reads from the language model's middle how much of the
 * query holds in a grid ({@link #MATCHES}) and which whole
 * second it is at, and a layer later whether the query begins to hold or has just ceased. Without the latter nothing
 * is learnt from an answer until several layers happen to fit together, which takes the small model very long.
 */
final class PretrainHead {
    static final String WEIGHT = "pretrain.head.weight";
    static final String BIAS = "pretrain.head.bias";
    /** Whether a grid shows the query's colour, its shape, its action, its colour and shape in one object, all three in one. */
    static final int MATCHES = 5;

    private static final String MATCH_WEIGHT = "pretrain.match.weight";
    private static final String MATCH_BIAS = "pretrain.match.bias";
    /** Whether the query begins to hold in a grid, or held in the grid before and no longer does. */
    static final int EDGES = 2;

    private static final String EDGE_WEIGHT = "pretrain.edge.weight";
    private static final String EDGE_BIAS = "pretrain.edge.bias";
    private static final String TIME_WEIGHT = "pretrain.time.weight";
    /** Whole seconds that the time head tells apart. */
    private static final int SECONDS = 64;

    private static final String OUT = "model.visual.merger.linear_fc2.";
    /** Labels are rare: about one in eight holds. */
    private static final float RARE = -2;

    private static final double EPS = 1e-6;

    private PretrainHead() {}

    /** The model with a random head, on the same tensors. */
    static Model attach(Model model, int labels, long seed) {
        int hidden = model.config().text().hiddenSize();
        Random random = Draw.generator(seed, "pretraining head");
        float[] bias = new float[labels];
        java.util.Arrays.fill(bias, RARE);
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> all = new LinkedHashMap<>(model.parameters().all());
            all.put(WEIGHT, random(random, labels, hidden));
            all.put(BIAS, Tensors.floats(bias, labels));
            all.put(MATCH_WEIGHT, random(random, MATCHES, hidden));
            all.put(TIME_WEIGHT, random(random, SECONDS, hidden));
            all.put(EDGE_WEIGHT, random(random, EDGES, hidden));
            all.put(EDGE_BIAS, Tensors.floats(new float[EDGES], EDGES));
            all.put(MATCH_BIAS, Tensors.floats(new float[MATCHES], MATCHES));
            return new Model(model.config(), new Parameters("pretraining", all));
        }
    }

    private static Tensor random(Random random, int rows, int hidden) {
        float[] values = new float[rows * hidden];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(hidden));
        }
        return Tensors.floats(values, rows, hidden);
    }

    /** Logits [grids, labels] from the mean of each grid's visual tokens. */
    static Tensor logits(Model model, VideoFeatures features, int labels) {
        long hidden = model.config().text().hiddenSize();
        return Tensors.linear(
                features.merged().mean(1),
                model.parameters().get(WEIGHT, labels, hidden),
                model.parameters().get(BIAS, labels));
    }

    /** The layer after which the match head reads: half of the layers can still use what it asks for. */
    static int matchLayer(Model model) {
        return (model.config().text().numLayers() - 1) / 2;
    }

    /** The layer after which the edge head reads. */
    static int edgeLayer(Model model) {
        return Math.min(matchLayer(model) + 1, model.config().text().numLayers() - 1);
    }

    /**
     * Mean cross entropy of the edges among the grids that are shown.
     *
     * @param holds whether the query holds in each of them
     */
    static Tensor edgeLoss(Model model, Tensor perGrid, boolean[] holds) {
        float[] targets = new float[holds.length * EDGES];
        for (int i = 0; i < holds.length; i++) {
            boolean before = i > 0 && holds[i - 1];
            targets[EDGES * i] = holds[i] && !before ? 1 : 0;
            targets[EDGES * i + 1] = !holds[i] && before ? 1 : 0;
        }
        Tensor logits = Tensors.linear(
                perGrid,
                model.parameters().get(EDGE_WEIGHT, EDGES, perGrid.size(1)),
                model.parameters().get(EDGE_BIAS, EDGES));
        return torch.binary_cross_entropy_with_logits(logits, Tensors.floats(targets, holds.length, EDGES));
    }

    /** Hidden states [visual tokens, hidden] after a layer, normalised, one row a grid. */
    static Tensor perGrid(Model model, Tensor hidden, int tokensPerGrid) {
        long size = model.config().text().hiddenSize();
        return Tensors.rmsNorm(hidden, torch.ones(size), EPS)
                .view(-1, tokensPerGrid, size)
                .mean(1);
    }

    /** Logits [grids, MATCHES]. */
    static Tensor match(Model model, Tensor perGrid) {
        return Tensors.linear(
                perGrid,
                model.parameters().get(MATCH_WEIGHT, MATCHES, perGrid.size(1)),
                model.parameters().get(MATCH_BIAS, MATCHES));
    }

    /** Mean cross entropy of the grids' whole seconds. */
    static Tensor timeLoss(Model model, Tensor perGrid, double[] timestamps) {
        int[] seconds = java.util.Arrays.stream(timestamps)
                .mapToInt(t -> Math.min((int) t, SECONDS - 1))
                .toArray();
        Tensor logits = Tensors.linear(perGrid, model.parameters().get(TIME_WEIGHT, SECONDS, perGrid.size(1)), null);
        return logits.log_softmax(1)
                .gather(1, Tensors.ids(seconds).unsqueeze(1))
                .mean()
                .neg();
    }

    /**
     * Scales the tower's output so that its root mean square becomes {@code target}, and the head the other way, so that the
     * logits stay. Visual tokens much larger than those of text drown what attention writes to them.
     */
    static void rescale(Model model, VideoFeatures features, double target) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            double factor = target / Math.sqrt(features.merged().square().mean().item_double());
            Map<String, Tensor> all = model.parameters().all();
            all.get(OUT + "weight").mul_(new Scalar(factor));
            all.get(OUT + "bias").mul_(new Scalar(factor));
            all.get(WEIGHT).div_(new Scalar(factor));
        }
    }
}
