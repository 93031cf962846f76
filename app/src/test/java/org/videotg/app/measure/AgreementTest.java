package org.videotg.app.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.models.tensor.ComputeDtype;

class AgreementTest {
    private static final StepValues EXPECTED = values(-1, 3, 4);

    private static StepValues values(float logProb, float first, float second) {
        return new StepValues(
                new float[] {-0.5f, logProb}, Map.of("a", new float[] {first, 0}, "b", new float[] {second}));
    }

    private static Agreement compared(StepValues found, ComputeDtype dtype) {
        return Agreement.of("found", found, EXPECTED, Agreement.Tolerance.of(dtype));
    }

    @Test
    void theDistancesAreThoseOfTheTokensAndOfAllGradientsTogether() {
        Agreement agreement = compared(values(-1.25f, 3, 3.5f), ComputeDtype.FLOAT32);
        assertEquals(0.25, agreement.logProbs(), 1e-12);
        assertEquals(0.1, agreement.gradients(), 1e-12);
        assertFalse(agreement.agrees());
    }

    @Test
    void aPlantedDifferenceIsFoundInEitherPart() {
        assertTrue(compared(EXPECTED, ComputeDtype.FLOAT32).agrees());
        assertTrue(compared(values(-1.0005f, 3, 4), ComputeDtype.FLOAT32).agrees());
        assertFalse(compared(values(-1.002f, 3, 4), ComputeDtype.FLOAT32).agrees(), "one log-probability");
        assertFalse(compared(values(-1, 3.01f, 4), ComputeDtype.FLOAT32).agrees(), "one gradient");
        assertTrue(compared(values(-1.01f, 3.01f, 4), ComputeDtype.BFLOAT16).agrees());
        assertFalse(compared(values(-1, 4, 3), ComputeDtype.BFLOAT16).agrees());
    }

    @Test
    void whatIsNotANumberNeverAgrees() {
        assertFalse(compared(values(Float.NaN, 3, 4), ComputeDtype.BFLOAT16).agrees());
        assertFalse(compared(values(-1, Float.NaN, 4), ComputeDtype.BFLOAT16).agrees());
        assertFalse(compared(values(-1, Float.POSITIVE_INFINITY, 4), ComputeDtype.BFLOAT16)
                .agrees());
    }

    @Test
    void valuesOfAnotherStepAreRefused() {
        StepValues other = new StepValues(new float[] {-0.5f, -1}, Map.of("a", new float[] {3, 0}));
        assertThrows(IllegalArgumentException.class, () -> compared(other, ComputeDtype.FLOAT32));
    }
}
