package org.videotg.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.videotg.bench.Calibration.Bin;
import org.videotg.bench.Calibration.Pair;

class CalibrationTest {
    @Test
    void binsIncludeTheirUpperEnd() {
        Calibration calibration = new Calibration(List.of(
                new Pair(0, false),
                new Pair(.1, true),
                new Pair(.1000001, true),
                new Pair(.95, true),
                new Pair(1, false)));
        assertEquals(
                List.of(new Bin(0, 2, .05, .5), new Bin(1, 1, .1000001, 1), new Bin(9, 2, .975, .5)),
                calibration.bins());
    }

    /** (2 * |.05 - .5| + 1 * |.2 - 1| + 1 * |.9 - 1|) / 4. */
    @Test
    void errorIsWeightedByThePairsOfABin() {
        Calibration calibration = new Calibration(
                List.of(new Pair(0, false), new Pair(.1, true), new Pair(.2, true), new Pair(.9, true)));
        assertEquals((.9 + .8 + .1) / 4, calibration.error(), 1e-12);
    }

    /** Counts the pairs of one that happened and one that did not; equal probabilities are half right. */
    @Test
    void aurocAgreesWithCountingPairs() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            List<Pair> pairs = new ArrayList<>(List.of(new Pair(.5, true), new Pair(.5, false)));
            for (int i = random.nextInt(40); i > 0; i--) {
                pairs.add(new Pair(random.nextInt(8) / 8.0, random.nextBoolean()));
            }
            double above = 0;
            int compared = 0;
            for (Pair right : pairs) {
                for (Pair wrong : pairs) {
                    if (right.right() && !wrong.right()) {
                        compared++;
                        above += 0.5 + 0.5 * Double.compare(right.confidence(), wrong.confidence());
                    }
                }
            }
            assertEquals(above / compared, new Calibration(pairs).auroc(), 1e-12);
        }
    }
}
