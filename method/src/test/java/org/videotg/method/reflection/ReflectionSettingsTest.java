package org.videotg.method.reflection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.config.Settings;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.InputException;
import org.videotg.method.difficulty.DifficultySettings;

class ReflectionSettingsTest {
    @Test
    void namedFieldsChangeAndTheOthersStay() {
        ReflectionSettings changed = Settings.change(
                ReflectionSettings.defaults(),
                Map.of("form", "probe", "probeThreshold", "0.8", "probeGrids", "2", "maskMode", "blank"),
                "test");
        assertEquals(
                ReflectionSettings.defaults()
                        .withForm(QuestionForm.PROBE)
                        .withProbe(0.8, 2)
                        .withMaskMode(MaskMode.BLANK),
                changed);
        assertEquals(
                DifficultySettings.defaults().withSamples(2, 0.5),
                Settings.change(DifficultySettings.defaults(), Map.of("samples", "2", "temperature", "0.5"), "test"));
    }

    @Test
    void nothingChangesNothing() {
        ReflectionSettings defaults = ReflectionSettings.defaults();
        assertSame(defaults, Settings.change(defaults, (JsonNode) null, "test"));
    }

    @Test
    void wrongNamesAndValuesAreRefused() {
        assertTrue(message(Map.of("threshhold", "1")).contains("unknown key \"threshhold\"; known: deltaRatio"));
        assertTrue(message(Map.of("minSecond", "1")).contains("did you mean \"minSeconds\"?"));
        assertTrue(message(Map.of("form", "ask")).startsWith("test: "));
        assertTrue(message(Map.of("probeThreshold", "3")).contains("\"probeThreshold\" must be in [0, 1)"));
    }

    private static String message(Map<String, String> values) {
        return assertThrows(InputException.class, () -> Settings.change(ReflectionSettings.defaults(), values, "test"))
                .getMessage();
    }
}
