package org.videotg.method.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * A sample that goes on after reflection, or without it.
 *
 * @param original as it stands in the data
 * @param sample as it would be trained on: repaired, if it was, and with its {@link Curation}, if it is rated
 * @param rating empty if its difficulty is not known
 * @param suspicion how likely reflection finds query-relevant moments outside the annotation, see
 *     {@link ReflectionVerdict#suspicion}; 0 without reflection
 */
public record Candidate(Sample original, Sample sample, Optional<Rating> rating, double suspicion) {
    /**
     * Zero-shot results of a sample.
     *
     * @param ious with the annotation that it would be trained on
     * @param hard whether the mask curriculum applies
     * @param eligible whether it may be selected
     */
    public record Rating(List<Double> ious, boolean hard, boolean eligible) {
        public Rating {
            ious = List.copyOf(ious);
        }
    }

    /** A sample that is not rated. */
    static Candidate unrated(Sample original, Sample sample, Optional<ReflectionVerdict> reflection) {
        return new Candidate(
                original,
                sample,
                Optional.empty(),
                reflection.map(ReflectionVerdict::suspicion).orElse(0.0));
    }

    /** A sample that is rated without reflection: its annotation is taken as it is. */
    static Candidate rated(Sample original, DifficultyVerdict difficulty) {
        Curation curation = new Curation(difficulty.difficulty(), difficulty.hard(), List.of(), false, false);
        return new Candidate(
                original,
                curation.onto(original),
                Optional.of(new Rating(difficulty.ious(), difficulty.hard(), true)),
                0);
    }

    /**
     * Decides whether a sample that reflection kept is eligible. The IoUs of a repaired sample are computed with the
     * repaired annotation. With an incomplete annotation, correct predictions have a low IoU and the sample looks hard.
     * A hard sample is therefore eligible only if some zero-shot span (of the K, or listed) reaches the IoU with the
     * annotation, or if the agents found nothing anywhere: nothing reflected and nothing listed. An undecided
     * reflection does not count as having found nothing. An annotation that people have confirmed or set is right, so that
     * its sample is eligible and not suspicious.
     *
     * @param outcome whose sample is present
     */
    static Candidate of(
            Sample original,
            Outcome outcome,
            ReflectionVerdict reflection,
            DifficultyVerdict difficulty,
            SelectionSettings settings) {
        Sample sample = outcome.sample().orElseThrow();
        boolean repaired = outcome.status() == Status.REPAIRED;
        List<Double> ious = repaired ? difficulty.iousWith(sample.intervals()) : difficulty.ious();
        boolean hard = repaired ? DifficultyRules.hard(ious, settings.tau()) : difficulty.hard();
        boolean eligible = !hard
                || outcome.byPerson()
                || reachesAnnotation(sample, ious, reflection, difficulty, settings.eligibleIou())
                || foundNothing(reflection, difficulty);
        Curation curation = new Curation(
                DifficultyRules.of(ious),
                hard,
                reflection.spans(),
                reflection.undecided() && !outcome.byPerson(),
                repaired);
        return new Candidate(
                original,
                curation.onto(sample),
                Optional.of(new Rating(ious, hard, eligible)),
                outcome.byPerson() ? 0 : reflection.suspicion());
    }

    /** Returns whether it may be selected. */
    public boolean eligible() {
        return rating.map(Rating::eligible).orElse(true);
    }

    /** Returns the mean IoU of a rated sample. */
    public double iou() {
        return DifficultyRules.mean(rating.orElseThrow().ious());
    }

    /** Returns the difficulty of a rated sample. */
    public double difficulty() {
        return DifficultyRules.of(rating.orElseThrow().ious());
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
