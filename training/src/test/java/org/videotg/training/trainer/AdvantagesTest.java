package org.videotg.training.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.videotg.method.reward.WeightedReward;

class AdvantagesTest {
    @Test
    void advantagesOfAGroup() {
        double[] rewards = {1, 0, 0, 0};
        assertEquals(0.5, WeightedReward.std(rewards), 1e-12);
        assertArrayEquals(
                new double[] {0.75 / 0.5001, -0.25 / 0.5001, -0.25 / 0.5001, -0.25 / 0.5001},
                Advantages.of(rewards, true),
                1e-12);
        assertArrayEquals(new double[] {0.75, -0.25, -0.25, -0.25}, Advantages.of(rewards, false), 1e-12);
    }

    @Test
    void aGroupOfEqualRewardsHasNoSignal() {
        double[] equal = {0.1 + 0.2, 0.3, 0.3};
        assertFalse(Advantages.hasSignal(equal));
        assertArrayEquals(new double[3], Advantages.of(equal, true));
        assertFalse(Advantages.hasSignal(new double[] {1}));
        assertTrue(Advantages.hasSignal(new double[] {0.3, 0.3001}));
    }
}
