package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.app.report.run.ReportedSamples.Located;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.SelectionReport;

/**
 * All that was found in a run folder. Missing parts are empty.
 *
 * @param name of the folder
 * @param manifest as it stands in the file
 * @param train samples before selection, with where their videos lie
 * @param test samples that the arms are evaluated on, likewise
 * @param truth the planted truth by sample id
 * @param reflections verdicts by sample id
 * @param difficulties likewise
 * @param selected samples that the method is trained on
 * @param selection how they were selected
 * @param random samples of the arm that draws at random
 * @param arms in the order in which they are shown
 * @param notes one line for each part that could not be read
 */
public record RunParts(
        String name,
        Optional<JsonNode> manifest,
        List<Located> train,
        List<Located> test,
        Map<String, List<Interval>> truth,
        Map<String, ReflectionVerdict> reflections,
        Map<String, DifficultyVerdict> difficulties,
        List<Sample> selected,
        Optional<SelectionReport> selection,
        List<Sample> random,
        List<Arm> arms,
        List<String> notes) {
    public Optional<Arm> method() {
        return arms.stream().filter(Arm::isMethod).findFirst();
    }

    public Optional<Arm> reference() {
        return arms.stream().filter(Arm::isReference).findFirst();
    }

    public Optional<Arm> zeroShot() {
        return arms.stream().filter(Arm::isZeroShot).findFirst();
    }

    boolean isEmpty() {
        return manifest.isEmpty()
                && train.isEmpty()
                && test.isEmpty()
                && reflections.isEmpty()
                && difficulties.isEmpty()
                && selected.isEmpty()
                && selection.isEmpty()
                && notes.isEmpty()
                && arms.isEmpty();
    }
}
