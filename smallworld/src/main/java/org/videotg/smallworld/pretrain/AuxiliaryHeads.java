package org.videotg.smallworld.pretrain;

import java.util.Arrays;
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
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.Linear;
import org.videotg.models.nn.RmsNorm;
import org.videotg.models.tensor.Tensors;
import org.videotg.smallworld.pretrain.StageObjective.Metrics;

/**
 * Linear heads that are trained with the small model during pretraining and removed afterwards. One predicts from the
 * vision tower's output what can be seen. The others read the middle of the language model and predict how much of the
 * query holds in a grid ({@link #MATCHES}), its whole second, and, one layer later, whether the query begins or has
 * just stopped to hold. Without them several layers have to fit together before answers give a useful gradient, which
 * takes the small model very long.
 */
final class AuxiliaryHeads {
    /** Labels of a match: the grid shows the query's colour, shape, action, colour and shape in one, all in one. */
    static final int MATCHES = 5;
    /** Labels of an edge: the query begins to hold in the grid; it ceased to hold after the grid before. */
    private static final int EDGES = 2;
    /** Number of whole seconds that the time head distinguishes. */
    private static final int SECONDS = 64;

    private static final String VISION_WEIGHT = "pretrain.head.weight";
    private static final String VISION_BIAS = "pretrain.head.bias";
    private static final String MATCH_WEIGHT = "pretrain.match.weight";
    private static final String MATCH_BIAS = "pretrain.match.bias";
    private static final String EDGE_WEIGHT = "pretrain.edge.weight";
    private static final String EDGE_BIAS = "pretrain.edge.bias";
    private static final String TIME_WEIGHT = "pretrain.time.weight";

    /** Initial bias of the vision head: about one label in eight holds. */
    private static final float RARE = -2;
    /** Brings the mean over labels, most of which are easy, to the scale of the other losses. */
    private static final double VISION_SCALE = 10;

    private static final double EPS = 1e-6;

    private AuxiliaryHeads() {}

    /** Returns the model with random heads, on the same tensors. */
    static Model attach(Model model, int labels, long seed) {
        int hidden = model.config().text().hiddenSize();
        Random random = Draw.generator(seed, "pretraining head");
        float[] bias = new float[labels];
        Arrays.fill(bias, RARE);
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> all = new LinkedHashMap<>(model.parameters().all());
            all.put(VISION_WEIGHT, random(random, labels, hidden));
            all.put(VISION_BIAS, Tensors.floats(bias, labels));
            all.put(MATCH_WEIGHT, random(random, MATCHES, hidden));
            all.put(TIME_WEIGHT, random(random, SECONDS, hidden));
            all.put(EDGE_WEIGHT, random(random, EDGES, hidden));
            all.put(EDGE_BIAS, Tensors.floats(new float[EDGES], EDGES));
            all.put(MATCH_BIAS, Tensors.floats(new float[MATCHES], MATCHES));
            return new Model(model.config(), new ModelParameters("pretraining", all));
        }
    }

    private static Tensor random(Random random, int rows, int hidden) {
        float[] values = new float[rows * hidden];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(hidden));
        }
        return Tensors.floats(values, rows, hidden);
    }

    /**
     * Returns the multi-label loss of the attribute pairs and triples that can be seen in each grid.
     *
     * @param targets [grids, labels]
     */
    static Tensor visionLoss(Model model, GridFeatures features, Tensor targets, Metrics metrics) {
        long labels = targets.size(1);
        Tensor logits = Linear.apply(
                features.merged().mean(1),
                model.parameters()
                        .get(VISION_WEIGHT, labels, model.config().text().hiddenSize()),
                model.parameters().get(VISION_BIAS, labels));
        Tensor loss = torch.binary_cross_entropy_with_logits(logits, targets).mul(new Scalar(VISION_SCALE));
        metrics.add("vision", loss.item_double());
        metrics.add("f1", f1(Tensors.toFloats(logits), Tensors.toFloats(targets)));
        return loss;
    }

    private static double f1(float[] logits, float[] targets) {
        int hits = 0;
        int predicted = 0;
        int positive = 0;
        for (int i = 0; i < logits.length; i++) {
            hits += logits[i] > 0 && targets[i] > 0 ? 1 : 0;
            predicted += logits[i] > 0 ? 1 : 0;
            positive += targets[i] > 0 ? 1 : 0;
        }
        return predicted + positive == 0 ? 1 : 2.0 * hits / (predicted + positive);
    }

    /** Returns the layer whose output the match head reads; the layers above it can use what it trains. */
    static int matchLayer(Model model) {
        return (model.config().text().numLayers() - 1) / 2;
    }

    /** Returns the layer whose output the edge head reads. */
    static int edgeLayer(Model model) {
        return Math.min(matchLayer(model) + 1, model.config().text().numLayers() - 1);
    }

    /**
     * Returns the mean binary cross entropy of the edges among the shown grids.
     *
     * @param holds whether the query holds, for each shown grid
     */
    static Tensor edgeLoss(Model model, Tensor perGrid, boolean[] holds) {
        float[] targets = new float[holds.length * EDGES];
        for (int i = 0; i < holds.length; i++) {
            boolean before = i > 0 && holds[i - 1];
            targets[EDGES * i] = holds[i] && !before ? 1 : 0;
            targets[EDGES * i + 1] = !holds[i] && before ? 1 : 0;
        }
        Tensor logits = Linear.apply(
                perGrid,
                model.parameters().get(EDGE_WEIGHT, EDGES, perGrid.size(1)),
                model.parameters().get(EDGE_BIAS, EDGES));
        return torch.binary_cross_entropy_with_logits(logits, Tensors.floats(targets, holds.length, EDGES));
    }

    /** Returns the normalised hidden states [visual tokens, hidden] of a layer, averaged per grid: [grids, hidden]. */
    static Tensor perGrid(Model model, Tensor hidden, int tokensPerGrid) {
        long size = model.config().text().hiddenSize();
        return new RmsNorm(torch.ones(size), EPS)
                .forward(hidden)
                .view(-1, tokensPerGrid, size)
                .mean(1);
    }

    /** Returns the logits [grids, MATCHES]. */
    static Tensor match(Model model, Tensor perGrid) {
        return Linear.apply(
                perGrid,
                model.parameters().get(MATCH_WEIGHT, MATCHES, perGrid.size(1)),
                model.parameters().get(MATCH_BIAS, MATCHES));
    }

    /** Returns the mean cross entropy of the grids' whole seconds. */
    static Tensor timeLoss(Model model, Tensor perGrid, double[] timestamps) {
        int[] seconds = Arrays.stream(timestamps)
                .mapToInt(t -> Math.min((int) t, SECONDS - 1))
                .toArray();
        Tensor logits = Linear.apply(perGrid, model.parameters().get(TIME_WEIGHT, SECONDS, perGrid.size(1)), null);
        return logits.log_softmax(1)
                .gather(1, Tensors.ids(seconds).unsqueeze(1))
                .mean()
                .neg();
    }

    /**
     * Scales the tower's output so that its root mean square is {@code target}, and the vision head inversely, so that
     * its logits stay the same. If visual tokens are much larger than those of text, what attention adds to them has
     * little effect.
     */
    static void rescale(Model model, GridFeatures features, double target) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            double factor = target / Math.sqrt(features.merged().square().mean().item_double());
            model.vision().output().weight().mul_(new Scalar(factor));
            model.vision().output().bias().mul_(new Scalar(factor));
            model.parameters().all().get(VISION_WEIGHT).div_(new Scalar(factor));
        }
    }
}
