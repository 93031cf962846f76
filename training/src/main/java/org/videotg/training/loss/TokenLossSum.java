package org.videotg.training.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.videotg.training.loss.LossInputs.Rollout;

/** The weighted sum over tokens of a policy loss and its gradient; every policy loss is such a sum. */
final class TokenLossSum {
    private TokenLossSum() {}

    /** A token's unweighted policy loss, its derivative by the log-probability, and whether the ratio was clipped. */
    record Term(double loss, double gradient, boolean clipped) {}

    /** Returns the sum with the clipped surrogate per token. */
    static LossOutputs ofClipped(LossInputs inputs, RatioClip clip, KlPenalty kl, ToDoubleFunction<Rollout> weight) {
        return of(inputs, kl, weight, rollout -> token -> {
            double ratio = Math.exp(rollout.logRatio(token));
            return new Term(
                    clip.loss(ratio, rollout.advantage()),
                    clip.gradient(ratio, rollout.advantage()),
                    clip.clips(ratio, rollout.advantage()));
        });
    }

    /** @param terms the terms of each rollout by token */
    static LossOutputs of(
            LossInputs inputs,
            KlPenalty kl,
            ToDoubleFunction<Rollout> weight,
            Function<Rollout, IntFunction<Term>> terms) {
        List<float[]> gradients = new ArrayList<>();
        double loss = 0;
        double klSum = 0;
        long clippedTokens = 0;
        for (Rollout rollout : inputs.rollouts()) {
            double w = weight.applyAsDouble(rollout);
            IntFunction<Term> term = terms.apply(rollout);
            float[] gradient = new float[rollout.logProbs().length];
            for (int t = 0; t < gradient.length; t++) {
                Term policy = term.apply(t);
                double tokenLoss = policy.loss();
                double tokenGradient = policy.gradient();
                if (rollout.refLogProbs() != null) {
                    double d = (double) rollout.refLogProbs()[t] - rollout.logProbs()[t];
                    klSum += kl.estimator().value(d);
                    tokenLoss += kl.beta() * kl.estimator().value(d);
                    tokenGradient += kl.beta() * kl.estimator().gradient(d);
                }
                loss += w * tokenLoss;
                gradient[t] = (float) (w * tokenGradient);
                clippedTokens += policy.clipped() ? 1 : 0;
            }
            gradients.add(gradient);
        }
        double tokens = Math.max(1, inputs.tokens());
        return new LossOutputs(loss, gradients, klSum / tokens, clippedTokens / tokens);
    }
}
