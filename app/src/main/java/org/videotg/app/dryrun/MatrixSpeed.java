package org.videotg.app.dryrun;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;

/** The speed of matrix products of a model's size on this machine, which no run exceeds. */
final class MatrixSpeed {
    private static final int ROWS = 512;
    private static final double SECONDS = 0.5;

    private MatrixSpeed() {}

    /** Returns operations (multiplications and additions) per second of the fastest of several products. */
    static double measure(TextConfig text, Placement placement) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor rows = ones(placement, ROWS, text.hiddenSize());
            Tensor weight = ones(placement, text.intermediateSize(), text.hiddenSize());
            double operations = 2.0 * ROWS * text.hiddenSize() * text.intermediateSize();
            double best = 0;
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < SECONDS * 1e9) {
                long started = System.nanoTime();
                try (PointerScope product = new PointerScope()) {
                    // Reading one value waits for the device.
                    Tensors.toFloats(torch.linear(rows, weight).narrow(0, 0, 1).narrow(1, 0, 1));
                }
                best = Math.max(best, operations / ((System.nanoTime() - started) / 1e9));
            }
            return best;
        }
    }

    private static Tensor ones(Placement placement, long... shape) {
        return Tensors.empty(placement.device(), placement.type(), shape).fill_(new Scalar(1));
    }
}
