package org.videotg.models.tensor;

import java.util.Objects;
import java.util.function.Supplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Tensors from and to Java arrays, and the few operations whose Java binding is unwieldy. */
public final class Tensors {
    private Tensors() {}

    /** On the CPU. */
    public static Tensor floats(float[] values, long... shape) {
        try (FloatPointer pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, shape, options(torch.ScalarType.Float))
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
        long[] wide = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return longs(wide, values.length);
    }

    public static Tensor ids(Device device, int[] values) {
        return to(device, ids(values));
    }

    /** The tensor itself if it lives there, else a copy. */
    public static Tensor to(Device device, Tensor tensor) {
        return tensor.to(device.handle(), tensor.scalar_type());
    }

    /** Of a tensor on the CPU. */
    public static TensorOptions options(torch.ScalarType type) {
        return new TensorOptions().dtype(new ScalarTypeOptional(type));
    }

    /** Returns a tensor with undefined values. */
    public static Tensor empty(Device device, torch.ScalarType type, long... shape) {
        return torch.empty(shape, options(type).device(new DeviceOptional(device.handle())), null);
    }

    /** Zeros of the type of float32 on the CPU. */
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

    public static Tensor cat(long dim, Tensor... parts) {
        return parts.length == 1 ? parts[0] : torch.cat(new TensorVector(parts), dim);
    }

    /**
     * x W' + bias in the type of x.
     *
     * @param weight [out, in]
     * @param bias [out], or null
     */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, new TensorOptional(bias));
    }

    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        return torch.layer_norm(
                x, new long[] {weight.size(0)}, new TensorOptional(weight), new TensorOptional(bias), eps, false);
    }

    /** Root mean square norm over the last dimension, computed in float32, scaled in the type of x as in Qwen. */
    public static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
        Tensor wide = x.to(torch.ScalarType.Float);
        Tensor variance = wide.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
        Tensor normed = wide.mul(variance.add(new Scalar(eps)).rsqrt());
        return normed.to(x.scalar_type()).mul(weight);
    }

    /**
     * Frequencies 1 / theta^(2 i / size), i < size / 2, of a rotary embedding: by libtorch's power in float32, as in
     * the references, since at a position of some thousands its last bit shows.
     */
    public static float[] rotaryFrequencies(double theta, int size) {
        float[] exponents = new float[size / 2];
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = (float) (2 * i) / size;
        }
        try (PointerScope scope = new PointerScope();
                Scalar base = new Scalar(theta)) {
            return toFloats(torch.pow(base, floats(exponents, exponents.length)).reciprocal());
        }
    }

    /** Cosines of angles, correctly rounded except in rare cases; those of libtorch differ between builds. */
    public static float[] cos(float[] angles) {
        float[] values = new float[angles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.cos(angles[i]);
        }
        return values;
    }

    /** Sines, likewise. */
    public static float[] sin(float[] angles) {
        float[] values = new float[angles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(angles[i]);
        }
        return values;
    }

    /** x * cos + rotate_half(x) * sin over the last dimension. */
    public static Tensor rotate(Tensor x, Tensor cos, Tensor sin) {
        long half = x.size(-1) / 2;
        Tensor rotated = cat(-1, x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half));
        return x.mul(cos).add(rotated.mul(sin));
    }

    /** Sends a gradient of the output's shape back through what it was computed from. */
    public static void backward(Tensor output, Tensor gradient) {
        output.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    /**
     * Computes in a scope of its own and moves the result into the scope that is open. What a layer makes on its way is
     * so freed before the next layer begins, except what a backward pass needs, which libtorch holds itself.
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
