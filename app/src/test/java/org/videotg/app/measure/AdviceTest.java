package org.videotg.app.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.videotg.core.config.Settings;

/** Each rule speaks where it holds, and is silent on a machine that has nothing to improve. */
class AdviceTest {
    private static final Agreement.Tolerance TOLERANCE = new Agreement.Tolerance(1e-3, 1e-3);
    private static final long GIB = 1 << 30;
    private static final Advice.Facts FACTS = new Advice.Facts(0, 8, 8, true);
    private static final Measurements GOOD = new Measurements(
            "cpu",
            "float32",
            100,
            List.of(new Agreement("cpu", 1e-6, 1e-6, TOLERANCE)),
            peaks(50, 300, 100),
            List.of(
                    speed("0.5B", Speed.PREFILL, 0.6),
                    speed("0.5B", Speed.STEP, 0.4),
                    speed("small", Speed.PREFILL, 0.1)),
            List.of(
                    new StepMemory("0.5B", "all weights", 9 * GIB, 10 * GIB),
                    new StepMemory("small", "all weights", 15, 10)),
            List.of(),
            List.of());

    private static List<MatrixPeak> peaks(double one, double all, double rounded) {
        return List.of(
                new MatrixPeak("cpu, 1 thread", "float32", 1024, one),
                new MatrixPeak("cpu, 8 threads", "float32", 1024, all),
                new MatrixPeak("cpu, 8 threads", "bfloat16", 1024, rounded));
    }

    private static Speed speed(String model, String phase, double share) {
        return new Speed(model, phase, 100, 1, 1e9, share);
    }

    private static void says(String expected, Measurements found, Advice.Facts facts) {
        List<String> advice = Advice.of(found, facts);
        assertEquals(1, advice.size(), advice.toString());
        assertTrue(advice.get(0).contains(expected), advice.toString());
    }

    private static void says(String expected, String part, Object changed) {
        says(expected, Settings.with(GOOD, Map.of(part, changed)), FACTS);
    }

    @Test
    void nothingIsSaidWhereNothingIsWrong() {
        assertEquals(List.of(), Advice.of(GOOD, FACTS));
    }

    @Test
    void resultsThatDifferMustNotBeTrainedOn() {
        says("bad: results differ too much", "agreements", List.of(new Agreement("bad", 1, 0, TOLERANCE)));
    }

    @Test
    void theMachineIsUsedWhole() {
        says("the GPU is not used", GOOD, new Advice.Facts(1, 8, 8, true));
        says("2 of 8 cores", GOOD, new Advice.Facts(0, 8, 2, true));
        Measurements busy = Settings.with(GOOD, Map.of("peaks", peaks(50, 60, 30)));
        says("8 threads multiply 1.20 times as fast as one; stop other programs", busy, FACTS);
        says("set OMP_WAIT_POLICY=passive", busy, new Advice.Facts(0, 8, 8, false));
    }

    @Test
    void theFasterTypeIsNamed() {
        says("bfloat16 multiplies 2.0 times as fast", "peaks", peaks(50, 300, 600));
        Measurements gpu = Settings.with(GOOD, Map.of("device", "cuda:0", "dtype", "bfloat16"));
        says("only 0.3 times as fast", gpu, FACTS);
        assertEquals(List.of(), Advice.of(Settings.with(gpu, Map.of("peaks", peaks(50, 50, 600))), FACTS));
    }

    @Test
    void slowPartsAndTheirCausesAreNamed() {
        says("0.5B: prefill reaches 10%", "speeds", List.of(speed("0.5B", Speed.PREFILL, 0.1)));
        says(
                "0.5B: a GRPO step reaches 20.0% of the peak and prefill 60.0%",
                "speeds", List.of(speed("0.5B", Speed.PREFILL, 0.6), speed("0.5B", Speed.STEP, 0.2)));
        says("1.50 times the memory", "memory", List.of(new StepMemory("0.5B", "all weights", 15 * GIB, 10 * GIB)));
    }

    @Test
    void whatWasLeftOutHasARemedy() {
        says("2B, 3B: too large for the free memory", "leftOut", leftOut(LeftOut.Reason.MEMORY, "2B", "3B"));
        says("3B: give more --minutes", "leftOut", leftOut(LeftOut.Reason.TIME, "3B"));
        says("VIDEOTG_CACHE", "leftOut", leftOut(LeftOut.Reason.DISK, "3B"));
    }

    private static List<LeftOut> leftOut(LeftOut.Reason reason, String... what) {
        return List.of(what).stream().map(each -> new LeftOut(each, reason, "")).toList();
    }
}
