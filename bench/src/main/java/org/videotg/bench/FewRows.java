package org.videotg.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.nn.Linear;
import org.videotg.models.tensor.NativeRuntime;

/**
 * Measures the product of a few rows with the weight of a linear layer, as decoding needs it: libtorch's own, and that
 * of {@link Linear}, which multiplies the weight in parts. CPU time; weights are [out, in].
 */
public final class FewRows {
    private static final long[][] WEIGHTS = {
        {320, 128}, {512, 512}, {1280, 512}, {2048, 768}, {32_000, 512}, {151_936, 512}
    };
    private static final long[] ROWS = {1, 4, 8, 16, 32};
    /** Elements of weights read per measurement. */
    private static final double BUDGET = 3e8;

    private FewRows() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("FewRows", arguments, none -> measure());
    }

    private static void measure() {
        NativeRuntime.load();
        System.out.printf("%12s %5s %12s %12s %6s%n", "weight", "rows", "libtorch", "videotg", "gain");
        for (long[] shape : WEIGHTS) {
            for (long rows : ROWS) {
                try (PointerScope scope = new PointerScope();
                        NoGradGuard noGrad = new NoGradGuard()) {
                    Tensor weight = torch.randn(shape);
                    Tensor x = torch.randn(1, rows, shape[1]);
                    int times = (int) Math.max(2, Math.min(300, BUDGET / (shape[0] * shape[1])));
                    double plain = milliseconds(times, () -> torch.linear(x, weight));
                    double parts = milliseconds(times, () -> Linear.apply(x, weight, null));
                    System.out.printf(
                            Locale.ROOT,
                            "%6d x %3d %5d %10.3fms %10.3fms %6.2f%n",
                            shape[0],
                            shape[1],
                            rows,
                            plain,
                            parts,
                            plain / parts);
                }
            }
        }
    }

    /** Returns the lowest of some means. */
    private static double milliseconds(int times, Runnable product) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 4; i++) {
            try (PointerScope scope = new PointerScope()) {
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int j = 0; j < times; j++) {
                    product.run();
                }
                long time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
                best = Math.min(best, time / 1e6 / times);
            }
        }
        return best;
    }
}
