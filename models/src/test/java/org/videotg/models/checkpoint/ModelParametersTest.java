package org.videotg.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class ModelParametersTest {
    @Test
    void aTensorLivesUntilTheLastHolderCloses() {
        NativeRuntime.load();
        Tensor tensor;
        ModelParameters first;
        ModelParameters second;
        try (PointerScope scope = new PointerScope()) {
            tensor = Tensors.floats(new float[] {1, 2}, 2);
            first = new ModelParameters("first", Map.of("weight", tensor));
            second = first.replaced("second", first.all());
        }
        first.close();
        first.close();
        assertFalse(tensor.isNull(), "a second close of the first must not release what the second holds");
        second.close();
        assertTrue(tensor.isNull(), "nobody holds it any more");
    }
}
