package org.videotg.models.tensor;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Tensors from and to Java arrays, their lifetimes, and operations whose Java binding is unwieldy. */
public final class Tensors {
    private Tensors() {}

    /** On the CPU. */
    public static Tensor floats(float[] values, long... shape) {
        try (FloatPointer pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, shape, options(torch.ScalarType.Float))
                    .clone();
        }
    }

    /** On the CPU. */
    public static Tensor doubles(double[] values, long... shape) {
        try (DoublePointer pointer = new DoublePointer(values)) {
            return torch.from_blob(pointer, shape, options(torch.ScalarType.Double))
                    .clone();
        }
    }

    public static Tensor floats(Device device, float[] values, long... shape) {
        return to(device, floats(values, shape));
    }

    /** On the CPU. */
    public static Tensor longs(long[] values, long... shape) {
        try (LongPointer pointer = new LongPointer(values)) {
            return torch.from_blob(pointer, shape, options(torch.ScalarType.Long))
                    .clone();
        }
    }

    /** On the CPU. */
    public static Tensor ids(int[] values) {
        return longs(Arrays.stream(values).asLongStream().toArray(), values.length);
    }

    public static Tensor ids(Device device, int[] values) {
        return to(device, ids(values));
    }

    /** Returns the tensor if it is on the device, else a copy. */
    public static Tensor to(Device device, Tensor tensor) {
        return tensor.to(device.handle(), tensor.scalar_type());
    }

    /** Returns the options of a tensor on the CPU. */
    public static TensorOptions options(torch.ScalarType type) {
        return new TensorOptions().dtype(new ScalarTypeOptional(type));
    }

    /** Returns a tensor with undefined values. */
    public static Tensor empty(Device device, torch.ScalarType type, long... shape) {
        return torch.empty(shape, options(type).device(new DeviceOptional(device.handle())), null);
    }

    /** Returns zeros in float32 on the CPU. */
    public static Tensor zeros(long... shape) {
        return torch.zeros(shape, options(torch.ScalarType.Float));
    }

    /** Returns all elements in row-major order, from any device. */
    public static float[] toFloats(Tensor tensor) {
        Tensor plain = tensor.detach().to(torch.ScalarType.Float).cpu().contiguous();
        float[] values = new float[Math.toIntExact(plain.numel())];
        if (values.length > 0) {
            plain.data_ptr_float().get(values);
        }
        return values;
    }

    public static long[] toLongs(Tensor tensor) {
        Tensor plain = tensor.detach().to(torch.ScalarType.Long).cpu().contiguous();
        long[] values = new long[Math.toIntExact(plain.numel())];
        if (values.length > 0) {
            plain.data_ptr_long().get(values);
        }
        return values;
    }

    public static long[] shape(Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        Arrays.setAll(shape, tensor::size);
        return shape;
    }

    public static Tensor cat(long dim, Tensor... parts) {
        return parts.length == 1 ? parts[0] : torch.cat(new TensorVector(parts), dim);
    }

    /** Sends a gradient of the output's shape back through what it was computed from. */
    public static void backward(Tensor output, Tensor gradient) {
        output.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    /**
     * Computes in a scope of its own and moves the result into the scope that is open. Intermediate tensors are thus
     * freed before the next layer begins, except what a backward pass needs, which libtorch holds itself.
     */
    public static Tensor scoped(Supplier<Tensor> computation) {
        PointerScope outer = Objects.requireNonNull(PointerScope.getInnerScope(), "no scope is open");
        try (PointerScope inner = new PointerScope()) {
            Tensor result = computation.get();
            outer.attach(result);
            return result;
        }
    }

    /** Frees a tensor before the open scope ends, which must own it: a tensor of another scope would be freed twice. */
    public static void drop(Tensor tensor) {
        PointerScope.getInnerScope().detach(tensor);
    }

    /** Keeps a tensor beyond the open scope, until {@link #release}. */
    public static Tensor keep(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    public static void release(Tensor tensor) {
        tensor.releaseReference();
    }
}
