package org.videotg.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.nn.AttentionFunction;
import org.videotg.models.nn.PackedAttention;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Measures the attention of a packed row, forward and backward, by the size of its blocks, and marks the size that
 * {@link PackedAttention#blockSize} chooses. Milliseconds are CPU time of one layer; a block of all suffixes is the
 * dense mask.
 */
public final class AttentionBlocks {
    /** Heads, key-value heads, size of a head. */
    private static final int[][] SHAPES = {{4, 2, 32}, {8, 2, 64}, {12, 4, 64}};
    /** Tokens of the prefix and of each suffix. */
    private static final int[][] ROWS = {{2000, 60}, {2000, 400}, {400, 20}, {300, 200}};

    private static final int SUFFIXES = 8;
    private static final int TIMES = 3;

    private AttentionBlocks() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("AttentionBlocks", arguments, none -> measure());
    }

    private static void measure() {
        NativeRuntime.load();
        for (int[] shape : SHAPES) {
            for (int[] row : ROWS) {
                int[] suffixes = new int[SUFFIXES];
                Arrays.fill(suffixes, row[1]);
                StringBuilder line = new StringBuilder(String.format(
                        Locale.ROOT,
                        "%2d/%d heads of %d, %4d + 8 x %3d:",
                        shape[0],
                        shape[1],
                        shape[2],
                        row[0],
                        row[1]));
                for (int size : new int[] {1, 2, 4, SUFFIXES}) {
                    line.append(String.format(
                            Locale.ROOT,
                            "  %s%d %7.1f ms",
                            size == PackedAttention.blockSize(row[0], suffixes) ? "*" : " ",
                            size,
                            milliseconds(config(shape), row[0], suffixes, size)));
                }
                System.out.println(line);
            }
        }
    }

    /** Returns the lowest of some measurements. */
    private static double milliseconds(TextConfig config, int prefix, int[] suffixes, int size) {
        int tokens = prefix + Arrays.stream(suffixes).sum();
        double best = Double.POSITIVE_INFINITY;
        try (PointerScope scope = new PointerScope()) {
            AttentionFunction attention = new PackedAttention(config, prefix, suffixes, size, Device.CPU);
            Tensor gradient = torch.randn(1, tokens, (long) config.numHeads() * config.headDim());
            for (int i = 0; i <= TIMES; i++) {
                try (PointerScope once = new PointerScope()) {
                    Tensor q = row(tokens, config.numHeads(), config.headDim());
                    Tensor k = row(tokens, config.numKeyValueHeads(), config.headDim());
                    Tensor v = row(tokens, config.numKeyValueHeads(), config.headDim());
                    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    Tensors.backward(attention.attend(0, q, k, v), gradient);
                    long time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
                    best = i == 0 ? best : Math.min(best, time / 1e6);
                }
            }
        }
        return best;
    }

    private static Tensor row(int tokens, int heads, int size) {
        return torch.randn(1, tokens, heads, size).transpose(1, 2).requires_grad_(true);
    }

    private static TextConfig config(int[] shape) {
        int frequencies = shape[2] / 2;
        List<Integer> section = List.of(frequencies - 2, 1, 1);
        return new TextConfig(9, 16, 16, 1, shape[0], shape[1], shape[2], 9999, 1e-6, 1e4, section, true, false, true);
    }
}
