package org.videotg.app.measure;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.videotg.app.dryrun.Machine;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NvidiaSmi;
import org.videotg.training.recipe.Recipe;

/**
 * The memory of the device that models compute on.
 *
 * @param recipe that trains there
 * @param program bytes that a process of this program takes before it loads a model; counted on the CPU only
 */
record FreeMemory(Recipe recipe, Device device, long program) {
    private static final double GIB = 1 << 30;
    /** Estimates may be too low by this. */
    private static final double MARGIN = 1.1;

    private static final long INTERVAL_MILLIS = 200;

    /** Returns the bytes that a new process can take. */
    long free() {
        return Machine.of(recipe, 1).memory();
    }

    /** Returns the memory of a process with a model. */
    long ofProcess(long model) {
        return model + (device.isCpu() ? program : 0);
    }

    boolean fits(long needed, long free) {
        return MARGIN * needed <= free;
    }

    static String explain(long needed, long free) {
        return String.format(Locale.ROOT, "needs %.1f GiB, %.1f GiB are free", needed / GIB, free / GIB);
    }

    Watch watch() {
        return new Watch(device);
    }

    /** Watches the memory of a GPU while another process computes. */
    static final class Watch implements AutoCloseable {
        private final ScheduledExecutorService clock;
        private final AtomicLong most = new AtomicLong();
        private final long before;

        @SuppressWarnings("FutureReturnValueIgnored")
        private Watch(Device device) {
            this.clock = device.isCpu() ? null : Executors.newSingleThreadScheduledExecutor();
            this.before = device.isCpu() ? 0 : used(device.index());
            if (clock != null) {
                clock.scheduleWithFixedDelay(
                        () -> most.accumulateAndGet(used(device.index()), Math::max),
                        0,
                        INTERVAL_MILLIS,
                        TimeUnit.MILLISECONDS);
            }
        }

        private static long used(int gpu) {
            return NvidiaSmi.memory(gpu).map(NvidiaSmi.Memory::used).orElse(0L);
        }

        /** Returns the peak: on a CPU that of the process, on a GPU what was in use beyond the beginning. */
        OptionalLong peak(OptionalLong ofProcess) {
            if (clock == null) {
                return ofProcess;
            }
            return most.get() > before ? OptionalLong.of(most.get() - before) : OptionalLong.empty();
        }

        @Override
        public void close() {
            if (clock != null) {
                clock.shutdownNow();
            }
        }
    }
}
