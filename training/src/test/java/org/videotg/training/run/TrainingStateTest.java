package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;

class TrainingStateTest {
    private static final Fingerprints PRINTS = new Fingerprints("r", "d", "m");

    private static TrainingState read(String json) {
        return Json.convert(Json.parse(json, "test"), TrainingState.class, "test");
    }

    @Test
    void readsWhatItWrites() {
        TrainingState state =
                TrainingState.start(PRINTS).next(5, new Cost(12, 1, 2, 0)).next(5, new Cost(12, 1, 2, 0));
        assertEquals(new TrainingState(2, PRINTS, 10, new Cost(24, 2, 4, 0)), state);
        assertEquals(14, state.trainingForwards());
        assertEquals(state, read(Json.line(state)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"steps\":2}",
                "{\"steps\":2,\"fingerprints\":{},\"cost\":{}}",
                "{\"steps\":2,\"fingerprints\":{\"recipe\":\"r\",\"data\":\"d\",\"model\":\"m\"}}"
            })
    void aForeignFileIsRefused(String json) {
        String message = assertThrows(InputException.class, () -> read(json)).getMessage();
        assertTrue(message.startsWith("test: \"") && message.contains("is missing"), message);
    }
}
