package org.videotg.app.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.videotg.models.tensor.ComputeDtype;

/** What to do about results that are wrong, missing or slow: rules over the results, one line for each that holds. */
final class Advice {
    /** A gain of all threads over one below this means that the cores are busy, or that threads wait for each other. */
    private static final double THREADS_HELP = 1.3;
    /** A CPU whose products in bfloat16 are faster than this should use them. */
    private static final double FASTER_TYPE = 1.5;
    /** Prefill of a large model that reaches less of the peak is slowed down by something else. */
    private static final double SLOW_PREFILL = 0.2;
    /** A GRPO step that reaches less of what prefill reaches spends its time in decoding. */
    private static final double SLOW_STEP = 0.5;
    /** A measured peak above the dry run's figure by more than this. */
    private static final double MORE_MEMORY = 1.1;
    /** Fewer bytes above the dry run's figure do no harm. */
    private static final long LITTLE_MEMORY = 1L << 28;

    private static final String SMALL = "small";

    private Advice() {}

    /**
     * What is known of the machine beside the measurements.
     *
     * @param gpus that the driver lists
     * @param cores of the CPU
     * @param threads of one operation
     * @param passive whether OpenMP's threads sleep while they wait
     */
    record Facts(int gpus, int cores, int threads, boolean passive) {}

    /** Returns the advice about results. */
    static List<String> of(Measurements found, Facts facts) {
        List<String> advice = new ArrayList<>();
        found.agreements().stream()
                .filter(agreement -> !agreement.agrees())
                .forEach(agreement -> advice.add(format(
                        "%s: results differ too much; don't train there: set compute.dtype=float32 or compute.device=cpu, and"
                                + " report it with the output of doctor --measure --json",
                        agreement.what())));
        boolean cpu = found.device().equals("cpu");
        if (cpu && facts.gpus() > 0) {
            advice.add("the GPU is not used: run with VIDEOTG_GPU=on, and install the CUDA libraries that"
                    + " docs/platforms.md lists");
        }
        if (cpu) {
            threads(found, facts).ifPresent(advice::add);
        }
        dtype(found, cpu).ifPresent(advice::add);
        speeds(found, Speed.PREFILL, speed -> speed.share() < SLOW_PREFILL)
                .forEach(speed -> advice.add(format(
                        "%s: prefill reaches %.0f%% of the peak; stop other programs%s, and measure again",
                        speed.model(), 100 * speed.share(), cpu ? "" : " on the GPU")));
        for (Speed prefill : speeds(found, Speed.PREFILL, speed -> true)) {
            speeds(
                            found,
                            Speed.STEP,
                            step -> step.model().equals(prefill.model()) && step.share() < SLOW_STEP * prefill.share())
                    .forEach(step -> advice.add(format(
                            "%s: a GRPO step reaches %.1f%% of the peak and prefill %.1f%%: decoding takes the time;"
                                    + " lower grpo.maxTokens, or raise grpo.group, whose rollouts decode together",
                            step.model(), 100 * step.share(), 100 * prefill.share())));
        }
        found.memory().stream()
                .filter(memory ->
                        memory.ratio() > MORE_MEMORY && memory.measured() - memory.estimated() > LITTLE_MEMORY)
                .forEach(memory -> advice.add(format(
                        "%s: a step takes %.2f times the memory that train --dry-run says; keep that much free",
                        memory.model(), memory.ratio())));
        leftOut(found, LeftOut.Reason.MEMORY)
                .ifPresent(what -> advice.add(what + ": too large for the free memory; train an adapter (lora) with"
                        + " compute.recompute=true, stop other programs, or take a larger machine"));
        leftOut(found, LeftOut.Reason.DISK)
                .ifPresent(what -> advice.add(what + ": set VIDEOTG_CACHE to a larger disk"));
        leftOut(found, LeftOut.Reason.TIME).ifPresent(what -> advice.add(what + ": give more --minutes"));
        return advice;
    }

    private static Optional<String> threads(Measurements found, Facts facts) {
        if (facts.threads() < facts.cores()) {
            return Optional.of(
                    format("%d of %d cores are used; unset OMP_NUM_THREADS for all", facts.threads(), facts.cores()));
        }
        List<Double> speeds = found.peaks().stream()
                .filter(peak -> peak.isOf(ComputeDtype.FLOAT32))
                .map(MatrixPeak::operations)
                .toList();
        if (speeds.size() < 2 || speeds.get(1) >= THREADS_HELP * speeds.get(0)) {
            return Optional.empty();
        }
        return Optional.of(format(
                "%d threads multiply %.2f times as fast as one; %s",
                facts.threads(),
                speeds.get(1) / speeds.get(0),
                facts.passive() ? "stop other programs, and measure again" : "set OMP_WAIT_POLICY=passive"));
    }

    private static Optional<String> dtype(Measurements found, boolean cpu) {
        double single = MatrixPeak.of(found.peaks(), ComputeDtype.FLOAT32);
        double half = MatrixPeak.of(found.peaks(), ComputeDtype.BFLOAT16);
        if (single == 0 || half == 0) {
            return Optional.empty();
        }
        if (cpu && half > FASTER_TYPE * single) {
            return Optional.of(format(
                    "bfloat16 multiplies %.1f times as fast as float32 on this CPU; try --dtype bfloat16,"
                            + " compute.dtype=bfloat16 in recipes",
                    half / single));
        }
        return !cpu && half < FASTER_TYPE * single
                ? Optional.of(format(
                        "bfloat16 multiplies only %.1f times as fast as float32: the GPU has no units for it, or is"
                                + " in use; set compute.dtype=float32 if memory allows",
                        half / single))
                : Optional.empty();
    }

    /** The speeds of one phase of the random models; the small model's products are too small to use a machine. */
    private static List<Speed> speeds(Measurements found, String phase, Predicate<Speed> wanted) {
        return found.speeds().stream()
                .filter(speed -> speed.phase().equals(phase) && !speed.model().startsWith(SMALL))
                .filter(wanted)
                .toList();
    }

    private static Optional<String> leftOut(Measurements found, LeftOut.Reason reason) {
        return found.leftOut().stream()
                .filter(left -> left.reason() == reason)
                .map(LeftOut::what)
                .reduce((first, second) -> first + ", " + second);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
