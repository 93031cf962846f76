package org.videotg.training.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.io.InputException;
import org.videotg.training.loss.LossInputs.Batch;
import org.videotg.training.loss.LossInputs.Rollout;

class PolicyLossTest {
    private static final RatioClip CLIP = new RatioClip(0.2, 0.28);

    static Stream<PolicyLoss> losses() {
        return Stream.of(
                        KlPenalty.NONE,
                        new KlPenalty(0.1, KlPenalty.Estimator.K1),
                        new KlPenalty(0.1, KlPenalty.Estimator.K2),
                        new KlPenalty(0.1, KlPenalty.Estimator.K3))
                .flatMap(kl -> Stream.of(
                        new PolicyLoss.Grpo(CLIP, kl),
                        new PolicyLoss.Bnpo(CLIP, kl),
                        new PolicyLoss.Dapo(CLIP, kl, true),
                        new PolicyLoss.DrGrpo(CLIP, kl),
                        new PolicyLoss.Gspo(CLIP, kl),
                        new PolicyLoss.Cispo(5, kl)));
    }

    /** Two rollouts of lengths 2 and 1, advantages 1 and -2, ratio e^0.5 (clipped at 1.28) on the first token. */
    private static LossInputs byHand() {
        return new LossInputs(
                List.of(
                        new Rollout(new float[] {-0.5f, -1}, new float[] {-1, -1}, null, 1, false),
                        new Rollout(new float[] {-1}, new float[] {-1}, null, -2, false)),
                new Batch(4, 10, 2, 8));
    }

    @Test
    void valuesComputedByHand() {
        // Token losses: -1.28, -1, 2. Weights: grpo 1/(4*2) and 1/4; bnpo 1/(3*2); dapo 1/10; dr_grpo 1/(4*8).
        assertEquals(
                (-1.28 - 1) / 8 + 2.0 / 4,
                new PolicyLoss.Grpo(CLIP, KlPenalty.NONE).compute(byHand()).loss(),
                1e-9);
        assertEquals(
                (-1.28 - 1 + 2) / 6,
                new PolicyLoss.Bnpo(CLIP, KlPenalty.NONE).compute(byHand()).loss(),
                1e-9);
        LossOutputs dapo = PolicyLoss.named("dapo").compute(byHand());
        assertEquals((-1.28 - 1 + 2) / 10, dapo.loss(), 1e-9);
        assertArrayEquals(new float[] {0, -0.1f}, dapo.gradients().get(0), 1e-7f);
        assertArrayEquals(new float[] {0.2f}, dapo.gradients().get(1), 1e-7f);
        assertEquals(1.0 / 3, dapo.clipFraction(), 1e-9);
        assertEquals(
                (-1.28 - 1 + 2) / 32,
                new PolicyLoss.DrGrpo(CLIP, KlPenalty.NONE).compute(byHand()).loss(),
                1e-9);
        // Sequence ratio exp((0.5 + 0) / 2) = 1.2840 is clipped at 1.28: loss -1.28 and 2, each a quarter.
        assertEquals(
                (-1.28 + 2) / 4,
                new PolicyLoss.Gspo(CLIP, KlPenalty.NONE).compute(byHand()).loss(),
                1e-9);
        // -e^0.5 * 1 * -0.5 + -1 * 1 * -1 + -1 * -2 * -1, over 10 tokens.
        assertEquals(
                (Math.exp(0.5) * 0.5 + 1 - 2) / 10,
                new PolicyLoss.Cispo(5, KlPenalty.NONE).compute(byHand()).loss(),
                1e-9);
    }

    @Test
    void klEstimatorsByHand() {
        double d = -0.3;
        assertEquals(0.3, KlPenalty.Estimator.K1.value(d), 1e-12);
        assertEquals(0.045, KlPenalty.Estimator.K2.value(d), 1e-12);
        assertEquals(0.0408182207, KlPenalty.Estimator.K3.value(d), 1e-9);
        LossInputs inputs = new LossInputs(
                List.of(new Rollout(new float[] {-1}, null, new float[] {-1.3f}, 0, false)), new Batch(1, 1, 1, 1));
        LossOutputs outputs =
                new PolicyLoss.Dapo(CLIP, new KlPenalty(2, KlPenalty.Estimator.K2), false).compute(inputs);
        assertEquals(0.09, outputs.loss(), 1e-6);
        assertEquals(0.045, outputs.kl(), 1e-6);
    }

    @Test
    void theOverlongFilterTakesTruncatedRolloutsOutOfTheSum() {
        LossInputs inputs =
                new LossInputs(List.of(new Rollout(new float[] {-1}, null, null, 1, true)), new Batch(1, 2, 1, 1));
        assertEquals(
                0,
                new PolicyLoss.Dapo(CLIP, KlPenalty.NONE, true).compute(inputs).loss());
        assertEquals(
                -0.5,
                new PolicyLoss.Dapo(CLIP, KlPenalty.NONE, false).compute(inputs).loss(),
                1e-12);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientsAgreeWithCentralDifferences(PolicyLoss loss) {
        Random random = new Random(5);
        List<Rollout> rollouts = new ArrayList<>();
        for (int length : new int[] {3, 5, 1}) {
            rollouts.add(new Rollout(
                    draw(random, length), draw(random, length), draw(random, length), random.nextGaussian(), false));
        }
        Batch batch = new Batch(5, 20, 2, 6);
        LossOutputs outputs = loss.compute(new LossInputs(rollouts, batch));
        float h = 1e-3f;
        for (int r = 0; r < rollouts.size(); r++) {
            for (int t = 0; t < rollouts.get(r).logProbs().length; t++) {
                double difference;
                if (loss instanceof PolicyLoss.Cispo cispo) {
                    // The weight of cispo is held fixed (stop-gradient), which differences can't see.
                    Rollout rollout = rollouts.get(r);
                    double d = rollout.refLogProbs()[t] - rollout.logProbs()[t];
                    difference = (-Math.min(Math.exp(rollout.logRatio(t)), 5) * rollout.advantage()
                                    + cispo.kl().beta() * cispo.kl().estimator().gradient(d))
                            / 20;
                } else {
                    difference = (loss.compute(new LossInputs(moved(rollouts, r, t, h), batch))
                                            .loss()
                                    - loss.compute(new LossInputs(moved(rollouts, r, t, -h), batch))
                                            .loss())
                            / (2 * h);
                }
                assertEquals(difference, outputs.gradients().get(r)[t], 2e-4, loss + " rollout " + r + " token " + t);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void onPolicyTheRatioIsOne(PolicyLoss loss) {
        float[] logProbs = {-0.4f, -2};
        Batch batch = new Batch(1, 2, 1, 2);
        LossOutputs implied = loss.compute(new LossInputs(List.of(Rollout.onPolicy(logProbs, 0.7)), batch));
        LossOutputs spelledOut =
                loss.compute(new LossInputs(List.of(new Rollout(logProbs, logProbs.clone(), null, 0.7, false)), batch));
        assertEquals(spelledOut.loss(), implied.loss());
        assertArrayEquals(spelledOut.gradients().get(0), implied.gradients().get(0));
        assertArrayEquals(new float[] {-0.35f, -0.35f}, implied.gradients().get(0), 1e-7f);
        assertEquals(0, implied.clipFraction());
    }

    @Test
    void impossibleSettingsAreNamed() {
        assertTrue(assertThrows(InputException.class, () -> new RatioClip(1.5, 0.2))
                .getMessage()
                .contains("\"eps\""));
        assertTrue(assertThrows(InputException.class, () -> new RatioClip(0.2, Double.NaN))
                .getMessage()
                .contains("\"epsHigh\""));
        assertTrue(assertThrows(InputException.class, () -> new KlPenalty(-1, KlPenalty.Estimator.K3))
                .getMessage()
                .contains("\"beta\""));
        assertTrue(assertThrows(InputException.class, () -> new PolicyLoss.Cispo(0.5, KlPenalty.NONE))
                .getMessage()
                .contains("\"epsMax\""));
    }

    @Test
    void everyLossHasItsDefaults() {
        KlPenalty none = KlPenalty.NONE;
        assertEquals(new KlPenalty(0, KlPenalty.Estimator.K3), none);
        RatioClip clip = new RatioClip(0.2, 0.2);
        for (PolicyLoss loss : List.of(
                new PolicyLoss.Dapo(new RatioClip(0.2, 0.28), none, false),
                new PolicyLoss.Grpo(clip, none),
                new PolicyLoss.DrGrpo(clip, none),
                new PolicyLoss.Bnpo(clip, none),
                new PolicyLoss.Gspo(new RatioClip(3e-4, 4e-4), none),
                new PolicyLoss.Cispo(5, none))) {
            assertEquals(loss, PolicyLoss.named(loss.id()));
        }
        assertEquals(
                "unknown value \"ppo\"; known: dapo, grpo, bnpo, dr_grpo, gspo, cispo",
                assertThrows(InputException.class, () -> PolicyLoss.named("ppo"))
                        .getMessage());
    }

    private static List<Rollout> moved(List<Rollout> rollouts, int rollout, int token, float by) {
        List<Rollout> moved = new ArrayList<>(rollouts);
        Rollout old = rollouts.get(rollout);
        float[] logProbs = old.logProbs().clone();
        logProbs[token] += by;
        moved.set(
                rollout, new Rollout(logProbs, old.oldLogProbs(), old.refLogProbs(), old.advantage(), old.truncated()));
        return moved;
    }

    private static float[] draw(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = -0.2f - random.nextFloat();
        }
        return values;
    }
}
