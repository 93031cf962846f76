package org.videotg.app.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.videotg.core.config.Settings;
import org.videotg.models.tensor.Placement;

/** Gathers results. */
final class Results {
    private final List<Agreement> agreements = new ArrayList<>();
    private final List<MatrixPeak> peaks = new ArrayList<>();
    private final List<Speed> speeds = new ArrayList<>();
    private final List<StepMemory> memory = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    void add(Agreement agreement) {
        agreements.add(agreement);
    }

    void add(MatrixPeak peak) {
        peaks.add(peak);
    }

    void add(StepMemory peak) {
        memory.add(peak);
    }

    void add(Speed speed) {
        speeds.add(speed);
    }

    void leaveOut(String what, LeftOut.Reason reason, String explanation) {
        leftOut.add(new LeftOut(what, reason, explanation));
    }

    List<MatrixPeak> peaks() {
        return peaks;
    }

    /** Returns the results with advice. */
    Measurements of(Placement placement, double seconds, Advice.Facts facts) {
        Measurements found = new Measurements(
                placement.device().toString(),
                placement.precision().toString(),
                seconds,
                agreements,
                peaks,
                speeds,
                memory,
                leftOut,
                List.of());
        return Settings.with(found, Map.of("advice", Advice.of(found, facts)));
    }
}
