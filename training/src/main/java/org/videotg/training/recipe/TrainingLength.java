package org.videotg.training.recipe;

import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;

/** The length of a training in steps or epochs, and the size of its batches. */
public record TrainingLength(
        @Setting(value = "optimizer steps; give this or epochs", defaultValue = "0", range = "at least 0")
        int steps,

        @Setting(value = "passes over the data; give this or steps", defaultValue = "0", range = "in [0, 1000000]")
        double epochs,

        @Setting(
                value = "prompts of a batch; each is trained as a row of its own, so that memory hardly grows with it",
                defaultValue = "8",
                range = "at least 1")
        int batch,

        @Setting(value = "batches of one optimizer step", defaultValue = "1", range = "at least 1")
        int accumulation) {
    private static final int MAX_PROMPTS = 1_000_000;

    public TrainingLength {
        Settings.check(TrainingLength.class, steps, epochs, batch, accumulation);
        if ((steps > 0) == (epochs > 0)) {
            throw new InputException("give either \"steps\" or \"epochs\", a number above 0");
        }
        if ((long) batch * accumulation > MAX_PROMPTS) {
            throw new InputException("\"batch\" times \"accumulation\" is " + (long) batch * accumulation
                    + " prompts for each step; at most " + MAX_PROMPTS + " are possible");
        }
    }

    /** Returns the prompts of one optimizer step. */
    public int prompts() {
        return batch * accumulation;
    }

    /** Returns the optimizer steps of a training on that many samples. */
    public int stepsOver(int samples) {
        return steps > 0 ? steps : (int) Math.max(1, Math.ceil(epochs * samples / prompts()));
    }
}
