package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/** Samples that are not trained on, which the model is asked about greedily at intervals of its training. */
public record ValidationSettings(
        @Setting(value = "samples to validate with (jsonl); none of them should be trained on", required = true)
        String data,

        @Setting(
                value = "optimizer steps between two validations; there is one before the first step and one after the"
                        + " last as well",
                defaultValue = "50",
                range = "at least 1")
        int every,

        @Setting(value = "samples at most, which the seed chooses", defaultValue = "200", range = "at least 1")
        int samples,

        @Setting(value = "tokens of a reply", defaultValue = "64", range = "at least 1")
        int maxTokens,

        @Setting(
                value = "whether the model (with lora or adapter: the adapter) of the best validation is kept, in best",
                defaultValue = "false")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean keepBest) {
    public ValidationSettings {
        Settings.check(ValidationSettings.class, data, every, samples, maxTokens, keepBest);
    }

    /**
     * Returns whether there is a validation after so many steps.
     *
     * @param steps of the whole training
     */
    public boolean isDue(long done, long steps) {
        return done % every == 0 || done == steps;
    }

    /** Returns the number of validations of a training with so many steps. */
    public long times(long steps) {
        return steps / every + (steps % every == 0 ? 1 : 2);
    }

    /** Returns the file of the samples. */
    public Path dataFile() {
        return Path.of(data);
    }
}
