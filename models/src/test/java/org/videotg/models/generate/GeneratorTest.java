package org.videotg.models.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class GeneratorTest {
    private static final int VOCABULARY = 301;
    private static final int ROWS = 500;

    /** The oracle sums the masses token by token. Every third token has none. */
    @Test
    void drawsInvertTheCumulativeDistribution() {
        NativeRuntime.load();
        SplittableRandom random = new SplittableRandom(3);
        for (double[] setting : new double[][] {{0.5, 1}, {1, 1}, {1.7, 1}, {1, 0.9}, {1.7, 0.3}, {1, 1e-9}}) {
            double temperature = setting[0];
            double topP = setting[1];
            float[] logProbs = new float[ROWS * VOCABULARY];
            double[] draws = new double[ROWS];
            long[] expected = new long[ROWS];
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < VOCABULARY; i++) {
                    logProbs[row * VOCABULARY + i] =
                            i % 3 == 0 ? Float.NEGATIVE_INFINITY : (float) (-8 * random.nextDouble());
                }
                draws[row] = row == 0 ? 0 : row == 1 ? 1 - 0x1p-40 : random.nextDouble();
                expected[row] = naive(
                        Arrays.copyOfRange(logProbs, row * VOCABULARY, (row + 1) * VOCABULARY),
                        temperature,
                        topP,
                        draws[row]);
            }
            try (PointerScope scope = new PointerScope()) {
                long[] actual = Tensors.toLongs(
                        Generator.sample(Tensors.floats(logProbs, ROWS, VOCABULARY), temperature, topP, draws));
                assertArrayEquals(expected, actual, "at temperature " + temperature + " and top-p " + topP);
            }
        }
    }

    private static long naive(float[] logProbs, double temperature, double topP, double draw) {
        double[] mass = new double[logProbs.length];
        for (int i = 0; i < mass.length; i++) {
            mass[i] = Math.exp(logProbs[i] / temperature);
        }
        double total = Arrays.stream(mass).sum();
        double[] original = mass.clone();
        for (int i = 0; i < mass.length && topP < 1; i++) {
            double likelier = 0;
            for (double other : original) {
                likelier += other > original[i] ? other : 0;
            }
            mass[i] = likelier / total >= topP ? 0 : mass[i];
        }
        double left = draw * Arrays.stream(mass).sum();
        return LongStream.range(0, mass.length)
                .filter(i -> {
                    boolean passed = left < Arrays.stream(mass, 0, (int) i + 1).sum();
                    return passed && mass[(int) i] > 0;
                })
                .findFirst()
                .orElseThrow();
    }
}
