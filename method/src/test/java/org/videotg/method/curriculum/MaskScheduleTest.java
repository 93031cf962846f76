package org.videotg.method.curriculum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

class MaskScheduleTest {
    private static MaskSchedule schedule(String name, double m0, double gamma) {
        return Settings.bind(
                Json.MAPPER.createObjectNode().put("name", name).put("m0", m0).put("gamma", gamma),
                MaskSchedule.class,
                "test");
    }

    @Test
    void noneMasksNothingAndIsTheDefault() {
        MaskSchedule none = Settings.defaults(MaskSchedule.class);
        assertEquals(schedule("none", 1, 0.6), none);
        assertEquals(0, none.ratio(0, 10));
    }

    @Test
    void linearIsTheFormula() {
        MaskSchedule linear = schedule("linear", 1, 0.6);
        for (long t = 0; t <= 100; t++) {
            assertEquals(Math.max(0, 1 - t / (0.6 * 100)), linear.ratio(t, 100), 1e-12, "t = " + t);
        }
        assertEquals(0.45, schedule("linear", 0.9, 0.6).ratio(30, 100), 1e-12);
    }

    @Test
    void cosineAndStepAtTheirMarks() {
        MaskSchedule cosine = schedule("cosine", 0.8, 0.5);
        assertEquals(0.8, cosine.ratio(0, 100), 1e-12);
        assertEquals(0.4, cosine.ratio(25, 100), 1e-12);
        assertEquals(0, cosine.ratio(50, 100), 1e-12);
        MaskSchedule step = schedule("step", 1, 0.75);
        assertEquals(1, step.ratio(24, 100));
        assertEquals(2.0 / 3, step.ratio(25, 100), 1e-12);
        assertEquals(1.0 / 3, step.ratio(74, 100), 1e-12);
        assertEquals(0, step.ratio(75, 100));
    }

    @Test
    void everyScheduleFallsFromM0ToNothing() {
        for (String label : List.of("linear", "cosine", "step")) {
            MaskSchedule schedule = schedule(label, 0.9, 0.6);
            assertEquals(label, schedule.shape().id());
            assertEquals(0.9, schedule.ratio(0, 50), 1e-12);
            double last = 1;
            for (long t = 0; t < 50; t++) {
                double ratio = schedule.ratio(t, 50);
                assertTrue(ratio >= 0 && ratio <= last, label + " at " + t);
                last = ratio;
            }
            assertEquals(0, schedule.ratio(30, 50), "the end is trained on whole videos");
            assertEquals(0.9, schedule.ratio(0, 1), 1e-12);
        }
    }

    @Test
    void theAdaptiveRatioFollowsTheReward() {
        MaskSchedule schedule = schedule("adaptive", 0.9, 0.6);
        assertEquals(0.9, schedule.ratio(59, 100), "its bound");
        assertEquals(0, schedule.ratio(60, 100), "the end is trained on whole videos");
        assertEquals(0.5 - 8 * 0.3 / 100, schedule.adapted(0.5, 0.8, 100), 1e-12);
        assertEquals(0.5 + 8 * 0.4 / 100, schedule.adapted(0.5, 0.1, 100), 1e-12);
        assertEquals(0.9, schedule.adapted(0.89, 0, 100));
        assertEquals(0, schedule.adapted(0.01, 1, 100));
        assertThrows(InputException.class, () -> new MaskSchedule(MaskSchedule.Shape.LINEAR, 1, 0.6, 0.5, null));
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(InputException.class, () -> schedule("sigmoid", 1, 0.6));
        assertThrows(InputException.class, () -> schedule("linear", 1.1, 0.6));
        assertThrows(InputException.class, () -> schedule("linear", 1, 0));
        assertThrows(
                IllegalArgumentException.class, () -> schedule("linear", 1, 0.6).ratio(-1, 10));
    }
}
