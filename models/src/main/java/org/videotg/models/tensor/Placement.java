package org.videotg.models.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;

/** The device of a model's tensors, and the type it computes in. */
public record Placement(Device device, ComputeDtype precision) {
    /** The CPU and float32. */
    public static final Placement CPU = new Placement(Device.CPU, ComputeDtype.FLOAT32);

    public torch.ScalarType type() {
        return precision.type();
    }

    /** Returns the tensor if it is on this device in this type, else a copy; gradients flow through. */
    public Tensor place(Tensor tensor) {
        return tensor.to(device.handle(), type());
    }

    /** Returns text such as {@code cpu float32}, without the number of the GPU, on which results don't depend. */
    public String describe() {
        return device.kind() + " " + precision;
    }

    /**
     * The user's choice of device and type. What it leaves open depends on the machine: the first GPU if there is one,
     * and bfloat16 on a GPU, float32 on the CPU.
     *
     * @param device empty if it depends on the machine
     * @param precision likewise
     */
    public record Choice(Optional<Device> device, Optional<ComputeDtype> precision) {
        /** Leaves the choice to the machine. */
        public static final String AUTO = "auto";

        public static final Choice OPEN = new Choice(Optional.empty(), Optional.empty());

        /**
         * Reads both.
         *
         * @param device {@value #AUTO}, cpu, cuda or cuda:N
         * @param dtype {@value #AUTO}, float32 or bfloat16
         * @throws InputException for anything else
         */
        public static Choice parse(String device, String dtype) {
            return new Choice(
                    device.equals(AUTO) ? Optional.empty() : Optional.of(Device.parse(device)),
                    dtype.equals(AUTO) ? Optional.empty() : Optional.of(ComputeDtype.parse(dtype)));
        }

        /** @throws InputException if a GPU is asked for that can't be used */
        public Placement resolve() {
            return resolve(Device.gpus());
        }

        /**
         * Resolves the choice for one of several processes on this machine, each of which takes the GPU of its number.
         *
         * @throws InputException if a GPU is asked for that can't be used
         */
        public Placement resolveFor(int process) {
            Placement first = resolve();
            if (first.device().isCpu()) {
                return first;
            }
            if (first.device().index() != 0) {
                throw new InputException("device " + first.device() + " can't be given to several ranks; give cuda,"
                        + " and each takes the GPU of its number on the machine");
            }
            return new Choice(Optional.of(new Device(Device.Kind.CUDA, process)), Optional.of(first.precision()))
                    .resolve();
        }

        /** Resolves the choice on a machine with so many GPUs. */
        Placement resolve(int gpus) {
            Device chosen = device.orElse(gpus > 0 ? new Device(Device.Kind.CUDA, 0) : Device.CPU);
            if (chosen.kind() == Device.Kind.CUDA && chosen.index() >= gpus) {
                throw new InputException("device " + chosen + " can't be used: "
                        + (gpus == 0
                                ? "there is no NVIDIA GPU with a driver, or this build is without CUDA (run ./videotg doctor)"
                                : "there are " + gpus + " GPUs, counted from 0")
                        + "; give --device cpu, or leave it out");
            }
            return new Placement(
                    chosen, precision.orElse(chosen.isCpu() ? ComputeDtype.FLOAT32 : ComputeDtype.BFLOAT16));
        }
    }
}
