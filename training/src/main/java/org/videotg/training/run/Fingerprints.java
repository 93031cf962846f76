package org.videotg.training.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.videotg.core.io.InputException;

/**
 * Hashes of the inputs of a run, which must not change when it is resumed.
 *
 * @param recipe of the settings that determine the weights
 * @param data of the file of training samples, and of the ids of those that are skipped
 * @param model of the weights that training began with
 */
public record Fingerprints(String recipe, String data, String model) {
    public Fingerprints {
        Objects.requireNonNull(recipe, "\"recipe\" is missing");
        Objects.requireNonNull(data, "\"data\" is missing");
        Objects.requireNonNull(model, "\"model\" is missing");
    }

    /** @throws InputException if the run in {@code folder} began with other inputs */
    public void requireSame(Fingerprints now, Path folder) {
        List<String> changed = new ArrayList<>();
        if (!recipe.equals(now.recipe)) {
            changed.add("the recipe");
        }
        if (!data.equals(now.data)) {
            changed.add("the data file or the list of skipped samples (skipped.jsonl)");
        }
        if (!model.equals(now.model)) {
            changed.add("the model to start from");
        }
        if (!changed.isEmpty()) {
            throw new InputException(folder + ": can't resume, because since the run began "
                    + String.join(" and ", changed) + " changed; restore the original, or train into another folder");
        }
    }
}
