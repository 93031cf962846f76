package org.videotg.app.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.app.dryrun.ParameterCount;
import org.videotg.core.io.InputException;
import org.videotg.models.ModelConfig;
import org.videotg.models.tensor.Placement;
import org.videotg.training.recipe.Recipe;

/** The sizes of random models, and what measuring them takes. */
class NeedTest {
    @TempDir
    Path folder;

    /** Parameters of the language models in billions, as their model pages state them. */
    @ParameterizedTest
    @CsvSource({"0.5B, 0.494", "2B, 1.72", "3B, 3.086"})
    void sizesAreThoseOfPublishedLanguageModels(String name, double billions) {
        ModelSize size = ModelSize.parse(name).get(0);
        RandomCheckpoints.writeConfiguration(folder, size.config());
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        Recipe recipe = Workload.large(Placement.CPU.device()).recipe(folder, folder.resolve("data"), false);
        ParameterCount count = ParameterCount.of(config, recipe);
        assertEquals(billions, count.text() / 1e9, 0.01);
        Need need = Need.of(config, recipe, 400, Placement.CPU, 1e11);
        assertTrue(need.answering() > 4 * count.all() && need.disk() == 2 * count.all(), need.toString());
        Need faster = Need.of(config, recipe, 400, Placement.CPU, 2e11);
        assertTrue(faster.stepSeconds() < need.stepSeconds() && faster.answerSeconds() < need.answerSeconds());
        assertTrue(Need.of(config, recipe, 800, Placement.CPU, 1e11).stepSeconds() > need.stepSeconds());
    }

    @Test
    void unknownSizesAreRefused() {
        assertEquals(List.of(), ModelSize.parse("none"));
        assertEquals(3, ModelSize.parse(ModelSize.ALL).size());
        assertTrue(assertThrows(InputException.class, () -> ModelSize.parse("0.5B,9B"))
                .getMessage()
                .contains("\"9B\"; known: 0.5B, 2B, 3B"));
    }

    @Test
    void timeIsCountedAndEstimatesLearn() {
        AtomicLong nanos = new AtomicLong();
        TimeLimit time = new TimeLimit(60, nanos::get);
        nanos.set(15_000_000_000L);
        assertEquals(45, time.left());
        assertEquals(20, time.corrected(20));
        time.took(10, 25);
        assertEquals(50, time.corrected(20));
        nanos.set(70_000_000_000L);
        assertEquals(0, time.left());
    }
}
