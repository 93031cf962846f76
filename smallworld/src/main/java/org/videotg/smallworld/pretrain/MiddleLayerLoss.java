package org.videotg.smallworld.pretrain;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.models.EncodedVideo;
import org.videotg.models.Model;
import org.videotg.models.nn.TextModel;
import org.videotg.models.tensor.Tensors;
import org.videotg.smallworld.pretrain.StageObjective.Metrics;

/**
 * The loss of the auxiliary heads on the visual tokens in the middle of the language model: how much of the query a
 * grid shows, its time, and where the query begins and stops to hold. As a probe it keeps the output of two layers of a
 * forward pass.
 */
final class MiddleLayerLoss implements TextModel.Probe {
    private static final double MATCH = 1;
    private static final double TIME = 0.2;
    private static final double EDGE = 1;

    private final Model model;
    private Tensor matchState;
    private Tensor edgeState;

    MiddleLayerLoss(Model model) {
        this.model = model;
    }

    @Override
    public void after(int layer, Tensor hidden) {
        matchState = layer == AuxiliaryHeads.matchLayer(model) ? hidden.alias() : matchState;
        edgeState = layer == AuxiliaryHeads.edgeLayer(model) ? hidden.alias() : edgeState;
    }

    /**
     * Returns the loss of the row of the last forward pass.
     *
     * @param slots indices of the visual tokens in the row
     * @param matches by grid of the whole video, see {@link AuxiliaryHeads#MATCHES}
     */
    Tensor compute(int[] slots, EncodedVideo video, GridMask mask, float[][] matches, Metrics metrics) {
        boolean dropped = mask.mode() == MaskMode.DROP;
        int[] shown = dropped
                ? mask.visible(matches.length)
                : IntStream.range(0, matches.length).toArray();
        float[] targets = new float[shown.length * AuxiliaryHeads.MATCHES];
        boolean[] holds = new boolean[shown.length];
        for (int i = 0; i < shown.length; i++) {
            // A blank grid shows nothing.
            if (!mask.isMasked(shown[i])) {
                System.arraycopy(matches[shown[i]], 0, targets, i * AuxiliaryHeads.MATCHES, AuxiliaryHeads.MATCHES);
                holds[i] = matches[shown[i]][AuxiliaryHeads.MATCHES - 1] > 0;
            }
        }
        Tensor visual = Tensors.ids(slots);
        Tensor perGrid = AuxiliaryHeads.perGrid(
                model,
                matchState.squeeze(0).index_select(0, visual),
                video.features().tokensPerGrid());
        Tensor expected = Tensors.floats(targets, shown.length, AuxiliaryHeads.MATCHES);
        Tensor logits = AuxiliaryHeads.match(model, perGrid);
        Tensor match = torch.binary_cross_entropy_with_logits(logits, expected);
        Tensor time =
                AuxiliaryHeads.timeLoss(model, perGrid, video.visible(mask).timestamps());
        Tensor edge = AuxiliaryHeads.edgeLoss(
                model,
                AuxiliaryHeads.perGrid(
                        model,
                        edgeState.squeeze(0).index_select(0, visual),
                        video.features().tokensPerGrid()),
                holds);
        metrics.add(
                "match",
                torch.binary_cross_entropy_with_logits(
                                logits.select(1, AuxiliaryHeads.MATCHES - 1),
                                expected.select(1, AuxiliaryHeads.MATCHES - 1))
                        .item_double());
        metrics.add("time", time.item_double());
        metrics.add("edge", edge.item_double());
        return match.mul(new Scalar(MATCH)).add(time.mul(new Scalar(TIME))).add(edge.mul(new Scalar(EDGE)));
    }
}
