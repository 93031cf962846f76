package org.videotg.training.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.videotg.models.Model;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.TinyModel;

/** Training in bfloat16: rounded copies compute, float32 parameters gather gradients and move. */
class RoundedReplicaTest {
    private static final String NORM = "model.language_model.norm.weight";

    private static double backward(Model replica, int item) {
        Tensor loss = replica.logits(replica.hidden(TinyModel.row(item, 6 + item), null))
                .to(torch.ScalarType.Float)
                .square()
                .mean();
        loss.backward();
        return loss.item_double();
    }

    private static ModelWorkers rounded(Model master, int workers) {
        return new ModelWorkers(
                master,
                master.parameters().all().keySet(),
                workers,
                torch.ScalarType.BFloat16,
                ModelWorkers.Spread.SINGLE);
    }

    @Test
    void gradientsAddUpInFloat32NearThoseOfTheExactModel() {
        Model master = TinyModel.load();
        List<Integer> items = List.of(0, 1, 2);
        try (ModelWorkers exact = TinyModel.workers(master, 1);
                ModelWorkers rounded = rounded(master, 2)) {
            assertEquals(torch.ScalarType.BFloat16, rounded.replica().type().intern());
            exact.run(items, RoundedReplicaTest::backward);
            rounded.run(items, RoundedReplicaTest::backward);
            exact.sum(expected -> rounded.sum(found -> {
                expected.forEach((name, gradient) -> assertEquals(
                        torch.ScalarType.Float, found.get(name).scalar_type().intern(), name));
                double off = found.get(NORM).sub(expected.get(NORM)).norm().item_double()
                        / expected.get(NORM).norm().item_double();
                assertTrue(off > 0 && off < 0.05, "relative error " + off);
                return off;
            }));
        } finally {
            master.close();
        }
    }

    @Test
    void copiesFollowTheMasterWhenTheyAreRefreshed() {
        Model master = TinyModel.load();
        try (ModelWorkers workers = rounded(master, 1);
                PointerScope scope = new PointerScope()) {
            double before =
                    workers.run(List.of(0), RoundedReplicaTest::backward).get(0);
            try (NoGradGuard noGrad = new NoGradGuard()) {
                master.parameters().all().get(NORM).mul_(new Scalar(2.0));
            }
            assertEquals(
                    before,
                    workers.run(List.of(0), RoundedReplicaTest::backward).get(0),
                    "not yet");
            workers.refresh();
            assertEquals(
                    4, workers.run(List.of(0), RoundedReplicaTest::backward).get(0) / before, 0.1);
            // A step far below bfloat16's resolution is kept by the master.
            try (NoGradGuard noGrad = new NoGradGuard()) {
                float first = Tensors.toFloats(master.parameters().all().get(NORM))[0];
                master.parameters().all().get(NORM).add_(new Scalar(1e-5));
                assertTrue(Tensors.toFloats(master.parameters().all().get(NORM))[0] > first);
            }
        } finally {
            master.close();
        }
    }
}
