package org.videotg.models.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Where a model's tensors live, and the type it computes in. */
public record Placement(Device device, Precision precision) {
    /** What the golden values were made with: the CPU and float32. */
    public static final Placement CPU = new Placement(Device.CPU, Precision.FLOAT32);

    public torch.ScalarType type() {
        return precision.type();
    }

    /** The tensor itself if it is so placed, else a copy; gradients flow through. */
    public Tensor place(Tensor tensor) {
        return tensor.to(device.handle(), type());
    }

    /** Such as {@code cpu float32}, without the number of the GPU: results don't depend on it. */
    public String describe() {
        return device.kind() + " " + precision;
    }
}
