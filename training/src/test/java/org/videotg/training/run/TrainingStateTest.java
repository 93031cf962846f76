package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;

class TrainingStateTest {
    private static final Fingerprints PRINTS = new Fingerprints("r", "d", "m");

    private static TrainingState read(String json) {
        return Json.convert(Json.parse(json, "test"), TrainingState.class, "test");
    }

    @Test
    void readsWhatItWritesAndTheOlderForm() {
        TrainingState state =
                TrainingState.start(PRINTS).next(5, new Cost(12, 1, 2, 0)).next(5, new Cost(12, 1, 2, 0));
        assertEquals(new TrainingState(2, PRINTS, 10, new Cost(24, 2, 4, 0)), state);
        assertEquals(14, state.trainingForwards());
        assertEquals(state, read(Json.line(state)));
        assertEquals(
                state,
                read("{\"steps\":2,\"fingerprints\":" + Json.line(PRINTS) + ",\"compute\":{\"rolloutForwards\":10,"
                        + "\"trainingForwards\":14,\"cpuSeconds\":2,\"seconds\":4}}"));
    }
}
