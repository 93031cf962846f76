package org.videotg.bench;

import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.tensor.NativeRuntime;

/**
 * Measures a feed-forward block by width and tokens, with one OpenBLAS thread and with as many as OpenMP has
 * (OMP_NUM_THREADS). OMP_WAIT_POLICY=active shows how the two libraries compete for the cores.
 */
public final class MatrixThreads {
    private static final int[] WIDTHS = {64, 256, 1024, 2048};
    private static final int[] TOKENS = {1, 8, 64, 600};
    /** Multiplications and additions per measurement. */
    private static final double BUDGET = 4e9;

    private MatrixThreads() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("MatrixThreads", arguments, none -> measure());
    }

    private static void measure() {
        NativeRuntime.load();
        int threads = NativeRuntime.threads();
        System.out.printf(
                "OMP_WAIT_POLICY %s%n%5s %6s %12s %12s %6s%n",
                System.getenv("OMP_WAIT_POLICY"), "width", "tokens", "1 thread", threads + " threads", "gain");
        for (int width : WIDTHS) {
            for (int tokens : TOKENS) {
                double one = seconds(width, tokens, 1);
                double all = seconds(width, tokens, threads);
                System.out.printf(
                        Locale.ROOT,
                        "%5d %6d %10.3fms %10.3fms %6.2f%n",
                        width,
                        tokens,
                        one * 1e3,
                        all * 1e3,
                        one / all);
            }
        }
    }

    /** Returns the lower of two means. */
    private static double seconds(int width, int tokens, int threads) {
        int times = (int) Math.max(2, Math.min(500, BUDGET / (12.0 * tokens * width * width)));
        double best = Double.POSITIVE_INFINITY;
        openblas_nolapack.blas_set_num_threads(threads);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor input = torch.randn(tokens, width);
            Tensor up = torch.randn(3L * width, width);
            Tensor down = torch.randn(width, 3L * width);
            for (int i = 0; i < 2; i++) {
                block(input, up, down);
                long start = System.nanoTime();
                for (int j = 0; j < times; j++) {
                    block(input, up, down);
                }
                best = Math.min(best, (System.nanoTime() - start) / 1e9 / times);
            }
        }
        return best;
    }

    private static void block(Tensor input, Tensor up, Tensor down) {
        try (PointerScope scope = new PointerScope()) {
            Tensor out = torch.linear(torch.silu(torch.linear(input, up)), down);
            torch.softmax(out.mul(out), -1);
        }
    }
}
