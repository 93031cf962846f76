package org.videotg.app.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.Selection;

/**
 * The contents of a run folder. Missing parts are empty.
 *
 * @param name of the folder
 * @param train samples before selection
 * @param test samples that the arms are evaluated on
 * @param truth the planted truth by sample id
 * @param reflections verdicts by sample id
 * @param difficulties verdicts by sample id
 * @param selected samples that the method is trained on
 * @param selection counts of the selection
 * @param random samples of the arm that is trained on a random draw
 * @param arms in the order of arms.json
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
        Optional<Selection.Report> selection,
        List<Sample> random,
        List<Arm> arms,
        List<String> notes) {
    /** A sample and its video file or clip. */
    public record Located(Sample sample, VideoRef video) {}

    /** Returns the first arm with that role. */
    public Optional<Arm> arm(Arm.Role role) {
        return arms.stream().filter(arm -> arm.role() == role).findFirst();
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
