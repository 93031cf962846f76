package org.videotg.app.measure;

/**
 * The peak memory of a GRPO step and the figure of the dry run.
 *
 * @param trained all weights, or a LoRA adapter
 * @param measured bytes of the process on the CPU, or of the GPU beyond what was in use before
 * @param estimated bytes, with those of the program on the CPU
 */
public record StepMemory(String model, String trained, long measured, long estimated) {
    double ratio() {
        return (double) measured / estimated;
    }
}
