package org.videotg.models.tensor;

import java.util.Optional;
import org.videotg.core.io.InputException;

/**
 * What the user says about device and type. What is left open is decided by the machine: the first GPU if there is one,
 * and bfloat16 on a GPU, float32 on the CPU.
 *
 * @param device empty: the machine decides
 * @param precision likewise
 */
public record PlacementChoice(Optional<Device> device, Optional<Precision> precision) {
    /** The word for leaving it open. */
    public static final String AUTO = "auto";

    public static final PlacementChoice OPEN = new PlacementChoice(Optional.empty(), Optional.empty());

    /**
     * Reads both.
     *
     * @param device {@value #AUTO}, cpu, cuda or cuda:N
     * @param dtype {@value #AUTO}, float32 or bfloat16
     * @throws InputException for anything else
     */
    public static PlacementChoice parse(String device, String dtype) {
        return new PlacementChoice(
                device.equals(AUTO) ? Optional.empty() : Optional.of(Device.parse(device)),
                dtype.equals(AUTO) ? Optional.empty() : Optional.of(Precision.parse(dtype)));
    }

    /** @throws InputException if a GPU is asked for that can't be used */
    public Placement resolve() {
        return resolve(Device.gpus());
    }

    /** The same on a machine with so many GPUs. */
    Placement resolve(int gpus) {
        Device chosen = device.orElse(gpus > 0 ? new Device(Device.Kind.CUDA, 0) : Device.CPU);
        if (chosen.kind() == Device.Kind.CUDA && chosen.index() >= gpus) {
            throw new InputException("device " + chosen + " can't be used: "
                    + (gpus == 0
                            ? "there is no NVIDIA GPU with a driver, or this build is without CUDA (run ./videotg doctor)"
                            : "there are " + gpus + " GPUs, counted from 0")
                    + "; give --device cpu, or leave it out");
        }
        return new Placement(chosen, precision.orElse(chosen.isCpu() ? Precision.FLOAT32 : Precision.BFLOAT16));
    }
}
