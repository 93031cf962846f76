package org.videotg.training.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.models.Model;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.TinyModel;
import org.videotg.training.loss.LossInputs;
import org.videotg.training.loss.LossOutputs;
import org.videotg.training.loss.PolicyLoss;

/** The fast path (one packed row, head on reply rows, analytic gradient) against full rows one by one and autograd. */
class PackedLossTest {
    private static final double[] ADVANTAGES = {1.2, -0.4, -0.8};
    private static final PackedRow ROW = TinyModel.row(7, 11, 4, 1, 6);

    private record Result(double loss, Map<String, float[]> gradients) {}

    private static Result run(ToDoubleFunction<Model> forwardBackward) {
        Model master = TinyModel.load();
        try (ModelWorkers gradients = TinyModel.workers(master, 1)) {
            double loss = gradients
                    .run(List.of(0), (model, item) -> forwardBackward.applyAsDouble(model))
                    .get(0);
            Map<String, float[]> values = new LinkedHashMap<>();
            gradients.sum(sums -> {
                sums.forEach((name, sum) -> values.put(name, Tensors.toFloats(sum)));
                return null;
            });
            return new Result(loss, values);
        } finally {
            master.close();
        }
    }

    private static double packed(Model model, double temperature, int chunk) {
        RowPasses.Pass pass = new RowPasses(chunk, false).forward(model, ROW, null, temperature);
        List<LossInputs.Rollout> rollouts = new ArrayList<>();
        for (float[] values : pass.logProbs()) {
            rollouts.add(LossInputs.Rollout.onPolicy(values, ADVANTAGES[rollouts.size()]));
        }
        LossOutputs outputs =
                PolicyLoss.named("dapo").compute(new LossInputs(rollouts, new LossInputs.Batch(3, 11, 1, 8)));
        pass.backward(outputs.gradients());
        return outputs.loss();
    }

    /** -sum of exp(lp - stopgrad(lp)) * A / 11 by autograd, with a row and all logits for each rollout. */
    private static double naive(Model model, double temperature) {
        double loss = 0;
        for (int g = 0; g < ADVANTAGES.length; g++) {
            int[] reply = ROW.suffixes().get(g);
            int from = ROW.prefix().length() - 1;
            PackedRow whole = new PackedRow(ROW.prefix().append(reply), List.of());
            Tensor all = model.logits(model.hidden(whole, null))
                    .div(new Scalar(temperature))
                    .log_softmax(1);
            Tensor logProbs = all.narrow(0, from, reply.length)
                    .gather(1, Tensors.ids(reply).unsqueeze(1));
            Tensor part = logProbs.sub(logProbs.detach()).exp().sum().mul(new Scalar(-ADVANTAGES[g] / 11));
            part.backward();
            loss += part.item_double();
        }
        return loss;
    }

    @ParameterizedTest
    @CsvSource({"1, 64", "1, 4", "0.7, 64", "0.7, 3"})
    void packedRowsGiveLossAndGradientsOfFullRows(double temperature, int chunk) {
        Result fast = run(model -> packed(model, temperature, chunk));
        Result slow = run(model -> naive(model, temperature));
        assertEquals(slow.loss(), fast.loss(), 1e-6);
        double total = 0;
        double off = 0;
        for (String name : slow.gradients().keySet()) {
            float[] expected = slow.gradients().get(name);
            float[] actual = fast.gradients().get(name);
            for (int i = 0; i < expected.length; i++) {
                total += expected[i] * expected[i];
                off += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            }
        }
        assertTrue(total > 1e-6, "gradients flow");
        assertTrue(Math.sqrt(off / total) < 1e-4, "relative error " + Math.sqrt(off / total));
    }
}
