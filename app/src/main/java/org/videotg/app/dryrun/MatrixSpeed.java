package org.videotg.app.dryrun;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;

/** The speed of matrix products on this machine, which no run exceeds. */
public final class MatrixSpeed {
    private static final int ROWS = 512;
    private static final double SECONDS = 0.5;

    private MatrixSpeed() {}

    /** Returns the operations (multiplications and additions) per second of products of a model's size. */
    static double measure(TextConfig text, Placement placement) {
        return measure(ROWS, text.hiddenSize(), text.intermediateSize(), placement);
    }

    /** Returns the operations per second of products of square matrices. */
    public static double square(int side, Placement placement) {
        return measure(side, side, side, placement);
    }

    /** Returns those of the fastest of several products [rows, in] x [in, out]. */
    private static double measure(long rows, long in, long out, Placement placement) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor left = ones(placement, rows, in);
            Tensor weight = ones(placement, out, in);
            double operations = 2.0 * rows * in * out;
            double best = 0;
            long begin = System.nanoTime();
            while (best == 0 || System.nanoTime() - begin < SECONDS * 1e9) {
                long started = System.nanoTime();
                try (PointerScope product = new PointerScope()) {
                    // Reading one value waits for the device.
                    Tensors.toFloats(torch.linear(left, weight).narrow(0, 0, 1).narrow(1, 0, 1));
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
