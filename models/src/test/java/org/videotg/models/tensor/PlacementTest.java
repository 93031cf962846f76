package org.videotg.models.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;

class PlacementTest {
    @Test
    void whatIsLeftOpenIsDecidedByTheMachine() {
        assertEquals(Placement.CPU, Placement.Choice.OPEN.resolve(0));
        assertEquals("cuda bfloat16", Placement.Choice.OPEN.resolve(1).describe());
        assertEquals("cuda:0", Placement.Choice.OPEN.resolve(2).device().toString());
        assertEquals(
                "cpu float32", Placement.Choice.parse("cpu", "auto").resolve(2).describe());
        assertEquals(
                "cpu bfloat16",
                Placement.Choice.parse("auto", "bfloat16").resolve(0).describe());
        assertEquals(
                new Placement(new Device(Device.Kind.CUDA, 1), ComputeDtype.FLOAT32),
                Placement.Choice.parse("cuda:1", "float32").resolve(2));
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertTrue(
                refusal(() -> Placement.Choice.parse("cuda", "auto").resolve(0)).contains("run ./videotg doctor"));
        assertTrue(refusal(() -> Placement.Choice.parse("cuda:2", "auto").resolve(2))
                .contains("there are 2 GPUs"));
        assertTrue(refusal(() -> Placement.Choice.parse("gpu", "auto")).contains("known: cpu, cuda, cuda:N"));
        assertTrue(refusal(() -> Placement.Choice.parse("cpu", "float16")).contains("known: float32, bfloat16"));
    }

    private static String refusal(Runnable wrong) {
        return assertThrows(InputException.class, wrong::run).getMessage();
    }

    @Test
    void memoryThatRanOutIsRecognised() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            RuntimeException failure = assertThrows(
                    RuntimeException.class, () -> Tensors.empty(Device.CPU, torch.ScalarType.Byte, 1L << 50));
            assertTrue(NativeRuntime.outOfMemory(new IllegalStateException("a worker failed", failure))
                    .orElseThrow()
                    .contains("tried to allocate " + (1L << 50)));
        }
        String gpu = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.11 GiB";
        assertEquals(
                gpu,
                NativeRuntime.outOfMemory(new RuntimeException(gpu + "\nException raised from malloc"))
                        .orElseThrow());
        assertFalse(NativeRuntime.outOfMemory(new RuntimeException("Expected all tensors to be on the same device"))
                .isPresent());
    }

    @Test
    void theMemoryOfAGpuIsReadFromTheDriversLine() {
        NvidiaSmi.Memory memory = NvidiaSmi.Memory.read("143771 MiB, 512 MiB").orElseThrow();
        assertEquals((143771L - 512) << 20, memory.free());
        assertTrue(NvidiaSmi.Memory.read("[N/A], [N/A]").isEmpty());
    }

    @Test
    void aTensorKeepsItsDeviceAndOnlyTheResultOfAComputationOutlivesIt() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            Tensor meta = Tensors.floats(Device.META, new float[] {1, 2}, 2);
            assertEquals(Device.META, Device.of(meta));
            assertEquals(Device.META, Device.of(Tensors.to(Device.META, Tensors.ids(new int[] {1}))));
            Tensor[] inner = new Tensor[1];
            Tensor sum = Tensors.scoped(() -> {
                inner[0] = torch.ones(3);
                return inner[0].sum();
            });
            assertTrue(inner[0].isNull(), "what was made on the way is freed");
            assertEquals(3, sum.item_float());
            Tensors.drop(sum);
            assertTrue(sum.isNull());
        }
    }
}
