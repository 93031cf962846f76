package org.videotg.smallworld.pretrain;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.Model;
import org.videotg.models.nn.VideoFeatures;
import org.videotg.models.tensor.Tensors;

/** Multi-label loss: which attribute pairs and triples can be seen in each temporal grid. */
final class VisionObjective {
    /** Brings the mean over labels, most of which are easy, to the order of the other losses. */
    private static final double SCALE = 10;

    private VisionObjective() {}

    /** @param targets [grids, labels] */
    static Tensor loss(Model model, VideoFeatures features, Tensor targets, Tally tally) {
        Tensor logits = PretrainHead.logits(model, features, (int) targets.size(1));
        Tensor loss = torch.binary_cross_entropy_with_logits(logits, targets).mul(new Scalar(SCALE));
        tally.add("vision", loss.item_double());
        tally.add("f1", f1(Tensors.toFloats(logits), Tensors.toFloats(targets)));
        return loss;
    }

    private static double f1(float[] logits, float[] targets) {
        int hit = 0;
        int said = 0;
        int held = 0;
        for (int i = 0; i < logits.length; i++) {
            hit += logits[i] > 0 && targets[i] > 0 ? 1 : 0;
            said += logits[i] > 0 ? 1 : 0;
            held += targets[i] > 0 ? 1 : 0;
        }
        return said + held == 0 ? 1 : 2.0 * hit / (said + held);
    }
}
