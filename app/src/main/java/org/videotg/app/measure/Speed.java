package org.videotg.app.measure;

/**
 * The speed of one part of the work of a model.
 *
 * @param phase prefill, decoding or GRPO step
 * @param tokens through the language model; of a GRPO step, those of rollouts and training with a backward pass counted
 *     twice
 * @param operations multiplications and additions of matrix products and attention, as the dry run counts them
 * @param share of the peak of matrix products in the same type that is achieved
 */
public record Speed(String model, String phase, double tokens, double seconds, double operations, double share) {
    /** The name of a phase. */
    static final String PREFILL = "prefill";
    /** Likewise. */
    static final String DECODING = "decoding";
    /** Likewise. */
    static final String STEP = "GRPO step";

    /** What was done, and in what time. */
    record Work(double tokens, double operations, double seconds) {}

    static Speed of(String model, String phase, Work work, double peak) {
        return new Speed(
                model,
                phase,
                work.tokens(),
                work.seconds(),
                work.operations(),
                work.operations() / work.seconds() / peak);
    }

    double tokensPerSecond() {
        return tokens / seconds;
    }
}
