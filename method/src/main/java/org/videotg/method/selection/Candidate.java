package org.videotg.method.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.difficulty.DifficultyRules;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionPolicy.Outcome;
import org.videotg.method.reflection.ReflectionPolicy.Status;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * A sample that reflection has let pass, with its difficulty.
 *
 * @param sample as it would be trained on (repaired, if it was), with its {@link Curation}
 * @param eligible whether it may be selected
 */
public record Candidate(Sample sample, Curation curation, boolean eligible) {
    /**
     * Decides whether a kept sample is eligible. The IoUs of a repaired sample are computed with the repaired
     * annotation. With an incomplete annotation, correct predictions have a low IoU and the sample looks hard. A hard
     * sample is therefore eligible only if some zero-shot span (of the K, or listed) reaches the IoU with the
     * annotation, or if the agents found nothing anywhere: nothing reflected and nothing listed. An undecided
     * reflection does not count as having found nothing.
     *
     * @param outcome whose sample is present
     */
    public static Candidate of(
            Outcome outcome, ReflectionVerdict reflection, DifficultyVerdict difficulty, SelectionSettings settings) {
        Sample sample = outcome.sample().orElseThrow();
        boolean repaired = outcome.status() == Status.REPAIRED;
        List<Double> ious = repaired ? difficulty.iousWith(sample.intervals()) : difficulty.ious();
        boolean hard = repaired ? DifficultyRules.hard(ious, settings.tau()) : difficulty.hard();
        Curation curation =
                new Curation(DifficultyRules.of(ious), hard, reflection.spans(), reflection.undecided(), repaired);
        return new Candidate(
                curation.onto(sample),
                curation,
                !hard
                        || reachesAnnotation(sample, ious, reflection, difficulty, settings.eligibleIou())
                        || foundNothing(reflection, difficulty));
    }

    private static boolean reachesAnnotation(
            Sample sample,
            List<Double> ious,
            ReflectionVerdict reflection,
            DifficultyVerdict difficulty,
            double threshold) {
        List<Interval> listed = new ArrayList<>(reflection.listed());
        if (difficulty.listed() != null) {
            listed.addAll(difficulty.listed());
        }
        return Stream.concat(
                        ious.stream(), listed.stream().map(span -> ReplyScores.iou(sample.intervals(), List.of(span))))
                .anyMatch(iou -> iou >= threshold);
    }

    private static boolean foundNothing(ReflectionVerdict reflection, DifficultyVerdict difficulty) {
        return !reflection.undecided()
                && reflection.spans().isEmpty()
                && reflection.listed().isEmpty()
                && (difficulty.listed() == null || difficulty.listed().isEmpty());
    }
}
