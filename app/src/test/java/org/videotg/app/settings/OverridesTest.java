package org.videotg.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.InputException;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.reflection.ReflectionForm;
import org.videotg.method.reflection.ReflectionSettings;

class OverridesTest {
    @Test
    void namedFieldsChangeAndTheOthersStay() {
        ReflectionSettings changed = Overrides.apply(
                ReflectionSettings.defaults(),
                Overrides.texts(
                        Map.of("form", "probe", "probeThreshold", "0.8", "probeGrids", "2", "maskMode", "blank")),
                "test");
        assertEquals(
                ReflectionSettings.defaults()
                        .withForm(ReflectionForm.PROBE)
                        .withProbe(0.8, 2)
                        .withMaskMode(MaskMode.BLANK),
                changed);
        assertEquals(
                DifficultySettings.defaults().withSamples(2, 0.5),
                Overrides.apply(
                        DifficultySettings.defaults(),
                        Overrides.texts(Map.of("samples", "2", "temperature", "0.5")),
                        "test"));
    }

    @Test
    void nothingChangesNothing() {
        ReflectionSettings defaults = ReflectionSettings.defaults();
        assertSame(defaults, Overrides.apply(defaults, null, "test"));
    }

    @Test
    void wrongNamesAndValuesAreRefused() {
        assertTrue(message(Map.of("threshhold", "1")).contains("known: deltaRatio"));
        assertTrue(message(Map.of("form", "ask")).startsWith("test: "));
        assertTrue(message(Map.of("probeThreshold", "3")).contains("\"probeThreshold\" must be in [0, 1)"));
    }

    private static String message(Map<String, String> values) {
        return assertThrows(
                        InputException.class,
                        () -> Overrides.apply(ReflectionSettings.defaults(), Overrides.texts(values), "test"))
                .getMessage();
    }
}
