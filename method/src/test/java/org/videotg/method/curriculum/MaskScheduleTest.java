package org.videotg.method.curriculum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;

class MaskScheduleTest {
    @Test
    void linearIsTheFormula() {
        MaskSchedule linear = MaskSchedule.Linear.DEFAULT;
        for (long t = 0; t <= 100; t++) {
            assertEquals(Math.max(0, 1 - t / (0.6 * 100)), linear.ratio(t, 100), 1e-12, "t = " + t);
        }
        assertEquals(0.45, new MaskSchedule.Linear(0.9, 0.6).ratio(30, 100), 1e-12);
    }

    @Test
    void cosineAndStepAtTheirMarks() {
        MaskSchedule cosine = new MaskSchedule.Cosine(0.8, 0.5);
        assertEquals(0.8, cosine.ratio(0, 100), 1e-12);
        assertEquals(0.4, cosine.ratio(25, 100), 1e-12);
        assertEquals(0, cosine.ratio(50, 100), 1e-12);
        MaskSchedule step = new MaskSchedule.Step(1, 0.75, 3);
        assertEquals(1, step.ratio(24, 100));
        assertEquals(2.0 / 3, step.ratio(25, 100), 1e-12);
        assertEquals(1.0 / 3, step.ratio(74, 100), 1e-12);
        assertEquals(0, step.ratio(75, 100));
    }

    @Test
    void everyScheduleFallsFromM0ToNothing() {
        for (String label : List.of("linear", "cosine", "step")) {
            MaskSchedule schedule = MaskSchedule.named(label, 0.9, 0.6);
            assertEquals(label, schedule.label());
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
    void nonsenseIsRefused() {
        assertThrows(InputException.class, () -> MaskSchedule.named("sigmoid", 1, 0.6));
        assertThrows(InputException.class, () -> MaskSchedule.named("linear", 1.1, 0.6));
        assertThrows(InputException.class, () -> MaskSchedule.named("linear", 1, 0));
        assertThrows(InputException.class, () -> new MaskSchedule.Step(1, 0.5, 0));
        assertThrows(IllegalArgumentException.class, () -> MaskSchedule.Linear.DEFAULT.ratio(-1, 10));
    }
}
