package org.videotg.models.tensor;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;

/**
 * The device that tensors are on. All tensors of an operation must be on one device, so code that makes a tensor is
 * given the device.
 *
 * @param index of the GPU; 0 for the others
 */
public record Device(Kind kind, int index) {
    public static final Device CPU = new Device(Kind.CPU, 0);
    /** Shapes without values, on which an operation with a tensor of another device fails. */
    public static final Device META = new Device(Kind.META, 0);

    private static final Pattern GPU = Pattern.compile("cuda(?::(\\d{1,2}))?");

    /** The kind of a device. */
    public enum Kind {
        CPU,
        CUDA,
        META;

        /** Returns PyTorch's name of the kind. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads {@code cpu}, {@code cuda} or {@code cuda:1}.
     *
     * @throws InputException for anything else
     */
    public static Device parse(String text) {
        Matcher gpu = GPU.matcher(text);
        if (text.equals("cpu")) {
            return CPU;
        }
        if (!gpu.matches()) {
            throw new InputException("unknown device \"" + text + "\"; known: cpu, cuda, cuda:N");
        }
        return new Device(Kind.CUDA, gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1)));
    }

    /** Returns the number of GPUs that this build of libtorch can use. */
    public static int gpus() {
        NativeRuntime.load();
        return torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    }

    /** Returns the device of a tensor. */
    public static Device of(Tensor tensor) {
        if (tensor.is_cpu()) {
            return CPU;
        }
        return tensor.is_meta()
                ? META
                : new Device(Kind.CUDA, Math.max(0, tensor.device().index()));
    }

    public boolean isCpu() {
        return kind == Kind.CPU;
    }

    /** Returns libtorch's device, which belongs to the open scope. */
    org.bytedeco.pytorch.Device handle() {
        return new org.bytedeco.pytorch.Device(toString());
    }

    @Override
    public String toString() {
        return kind == Kind.CUDA ? kind + ":" + index : kind.toString();
    }
}
