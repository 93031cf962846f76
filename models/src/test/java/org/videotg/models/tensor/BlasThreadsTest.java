package org.videotg.models.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.videotg.models.tensor.NativeRuntime.BlasThreads;

class BlasThreadsTest {
    @AfterEach
    void back() {
        openblas_nolapack.blas_set_num_threads(1);
    }

    @Test
    void onlyLargeModelsHaveMoreThanOneAndOnlyWhereOpenMpSleeps() {
        assertEquals(1, BlasThreads.of(1_000_000, 8, "passive"));
        assertEquals(8, BlasThreads.of(2_000_000_000, 8, "PASSIVE"));
        assertEquals(1, BlasThreads.of(2_000_000_000, 8, "active"));
        assertEquals(1, BlasThreads.of(2_000_000_000, 8, null));
    }

    /** A product by two threads is the product by one, up to the order of sums. */
    @Test
    void productsAreTheSame() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            torch.manual_seed(5);
            Tensor a = torch.rand(300, 700);
            Tensor b = torch.rand(700, 500);
            Tensor one = a.matmul(b);
            openblas_nolapack.blas_set_num_threads(2);
            double difference = a.matmul(b).sub(one).abs().max().item_double();
            assertTrue(difference < 1e-3, "of about 175: " + difference);
        }
    }
}
