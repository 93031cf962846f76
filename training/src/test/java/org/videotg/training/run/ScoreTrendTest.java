package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;
import org.videotg.training.recipe.EarlyStopSettings;
import org.videotg.training.recipe.Recipe;

class ScoreTrendTest {
    /** The step after which the training ends, from the whole history. */
    private static int end(double[] rewards, EarlyStopSettings settings) {
        double best = Double.NEGATIVE_INFINITY;
        int bestStep = settings.window() - 1;
        for (int step = settings.window() - 1; step < rewards.length; step++) {
            double mean = Arrays.stream(rewards, step - settings.window() + 1, step + 1)
                    .average()
                    .orElseThrow();
            if (mean > best + settings.minGain()) {
                best = mean;
                bestStep = step;
            }
            if (step - bestStep >= settings.patience()) {
                return step;
            }
        }
        return rewards.length;
    }

    @Test
    void theTrendStopsWhereTheWholeHistoryDoesAlsoAfterARoundTripThroughItsFile() {
        Random random = new Random(5);
        int early = 0;
        for (int trial = 0; trial < 300; trial++) {
            EarlyStopSettings settings = new EarlyStopSettings(
                    EarlyStopSettings.Score.REWARD,
                    1 + random.nextInt(6),
                    1 + random.nextInt(12),
                    random.nextInt(3) * 0.05);
            double slope = random.nextDouble() * 0.05;
            double[] rewards = new double[40];
            Arrays.setAll(rewards, step -> slope * Math.min(step, 20) + 0.3 * random.nextDouble());
            ScoreTrend trend = ScoreTrend.START;
            int step = 0;
            while (step < rewards.length) {
                trend = trend.next(rewards[step], 1, settings);
                trend = Json.convert(Json.parse(Json.line(trend), "trend"), ScoreTrend.class, "trend");
                if (trend.stalled(settings)) {
                    break;
                }
                step++;
            }
            assertEquals(end(rewards, settings), step, settings + " " + Arrays.toString(rewards));
            early += step < rewards.length ? 1 : 0;
        }
        assertTrue(early > 50 && early < 290, early + " of 300 end early");
    }

    @Test
    void supervisedTrainingHasNoRewardToFollow() {
        String message = assertThrows(
                        InputException.class,
                        () -> Settings.bind(
                                Yaml.parse("{method: sft, model: m, data: d, steps: 1, stop: {}}", "r"),
                                Recipe.class,
                                "r"))
                .getMessage();
        assertTrue(message.contains("\"stop\" follows the reward"), message);
        assertEquals(List.of(), ScoreTrend.START.recent());
    }
}
