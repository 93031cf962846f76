package org.videotg.core.mllm;

/**
 * Cost of inference.
 *
 * @param tokenForwards tokens that went forward through the language model (prompt and generated)
 * @param cpuSeconds CPU time spent, seconds
 */
public record Usage(long tokenForwards, double cpuSeconds) {
    public static final Usage ZERO = new Usage(0, 0);

    public Usage plus(Usage other) {
        return new Usage(tokenForwards + other.tokenForwards, cpuSeconds + other.cpuSeconds);
    }

    public Usage minus(Usage earlier) {
        return new Usage(tokenForwards - earlier.tokenForwards, cpuSeconds - earlier.cpuSeconds);
    }
}
