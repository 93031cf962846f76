package org.videotg.core.run;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The cost of a computation.
 *
 * @param tokenForwards tokens that went through the language model, prompt and generated; a backward pass counts as two
 * @param cpuSeconds CPU time, all threads
 * @param seconds wall-clock time
 * @param peakBytes most memory the process has held; 0 where it was not measured
 */
public record Cost(
        long tokenForwards,
        double cpuSeconds,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double seconds,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonAlias("peakMemoryBytes")
        long peakBytes) {
    public static final Cost NONE = new Cost(0, 0, 0, 0);

    /** Returns the sum; of the peaks, the larger. */
    public Cost plus(Cost other) {
        return new Cost(
                tokenForwards + other.tokenForwards,
                cpuSeconds + other.cpuSeconds,
                seconds + other.seconds,
                Math.max(peakBytes, other.peakBytes));
    }

    /** Returns the cost of this process since its start. */
    public static Cost ofProcess() {
        return new Cost(
                0,
                ProcessUsage.cpuSeconds(),
                ProcessUsage.seconds(),
                ProcessUsage.peakBytes().orElse(0));
    }

    /** Starts a stopwatch for CPU time and wall-clock time of this process. */
    public static Meter meter() {
        return new Meter(ProcessUsage.cpuSeconds(), System.nanoTime());
    }

    /** A running stopwatch. Other threads of the process are measured too. */
    public record Meter(double startCpuSeconds, long startNanos) {
        /** Returns what was spent since the start, the memory aside. */
        public Cost cost(long tokenForwards) {
            return new Cost(
                    tokenForwards,
                    ProcessUsage.cpuSeconds() - startCpuSeconds,
                    (System.nanoTime() - startNanos) / 1e9,
                    0);
        }
    }
}
