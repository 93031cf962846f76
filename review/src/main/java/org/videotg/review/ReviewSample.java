package org.videotg.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * A sample with all that the agents and models said about it.
 *
 * @param video its file and clip
 * @param reflection verdict of boundary reflection, if there is one
 * @param difficulty verdict of difficulty estimation, if there is one
 * @param predictions intervals of other models in seconds, by the name of their file
 * @param selected whether it is selected for training; empty if no selection is known
 */
public record ReviewSample(
        Sample sample,
        VideoRef video,
        Optional<ReflectionVerdict> reflection,
        Optional<DifficultyVerdict> difficulty,
        Map<String, List<Interval>> predictions,
        Optional<Boolean> selected) {
    public ReviewSample {
        predictions = Map.copyOf(predictions);
    }

    /** Predictions count as agreeing with each other from this mean IoU on. */
    private static final double AGREE = 0.5;

    /** Predictions count as contradicting the annotation below this mean IoU. */
    private static final double CONTRADICT = 0.3;

    public String id() {
        return sample.id();
    }

    /** Whether reflection found it partially annotated. */
    public boolean partial() {
        return reflection.map(ReflectionVerdict::partial).orElse(false);
    }

    /** Whether reflection came to no verdict. */
    public boolean undecided() {
        return reflection
                .map(verdict -> verdict.undecided() && !verdict.failed())
                .orElse(false);
    }

    /** Whether its zero-shot predictions are bad, so that the curriculum would mask it. */
    public boolean hard() {
        return difficulty.map(DifficultyVerdict::hard).orElse(false);
    }

    /** Whether one of the agents could not judge it. */
    public boolean failed() {
        return reflection.map(ReflectionVerdict::failed).orElse(false)
                || difficulty.map(DifficultyVerdict::failed).orElse(false);
    }

    /** Whether the agents leave it to a person: it is partially annotated, undecided or failed. */
    public boolean doubtful() {
        return partial() || undecided() || failed();
    }

    /** Whether the predictions agree with each other and contradict the annotation. */
    public boolean disagreement() {
        List<List<Interval>> predicted = predicted();
        return !predicted.isEmpty() && consistency(predicted) >= AGREE && agreement(predicted) < CONTRADICT;
    }

    /** The reflected spans R in seconds. */
    public List<Interval> reflected() {
        return reflection.map(ReflectionVerdict::spans).orElse(List.of());
    }

    /** All predictions: zero-shot ones of difficulty estimation, and those of other models. */
    List<List<Interval>> predicted() {
        List<List<Interval>> all = new ArrayList<>();
        difficulty.map(DifficultyVerdict::spans).ifPresent(all::addAll);
        all.addAll(predictions.values());
        return all;
    }

    /**
     * How much a person's decision is likely to change, in [0, 1]; defined by this project. With the annotation A, the
     * reflected spans R and the predictions P:
     *
     * <ul>
     *   <li>1 if reflection is undecided, or an agent failed;
     *   <li>with R: doubt * (1 - IoU(A, A + R)). The doubt is that of the probe, else the share of the predictions that
     *       do not lie rather in R than in A, and 1/2 without predictions;
     *   <li>without R the larger of: the doubt of the probe * the change that its likeliest grid would make; and the mean
     *       IoU of each two predictions * (1 - their mean IoU with A).
     * </ul>
     *
     * <p>The doubt of a probe is 1 at its threshold, and falls to 0 at the farther end of [0, 1], with the highest P(yes).
     * A sample that passes and is not selected counts half, where the selection is known.
     */
    public double impact() {
        if (undecided() || failed()) {
            return 1;
        }
        double unweighted = reflected().isEmpty() ? ofPassed() : ofReflected();
        return partial() || selected.orElse(true) ? unweighted : unweighted / 2;
    }

    private double ofReflected() {
        List<Interval> both = new ArrayList<>(sample.intervals());
        both.addAll(reflected());
        double doubt = reflection.flatMap(Probe::of).map(Probe::doubt).orElseGet(() -> {
            List<List<Interval>> predicted = predicted();
            return predicted.isEmpty()
                    ? 0.5
                    : predicted.stream()
                                    .filter(spans -> Intervals.length(Intervals.intersect(spans, reflected()))
                                            <= Intervals.length(Intervals.intersect(spans, sample.intervals())))
                                    .count()
                            / (double) predicted.size();
        });
        return doubt * (1 - Intervals.iou(sample.intervals(), both));
    }

    private double ofPassed() {
        List<List<Interval>> predicted = predicted();
        double contradicted = predicted.isEmpty() ? 0 : consistency(predicted) * (1 - agreement(predicted));
        double annotated = Intervals.length(sample.intervals());
        double probed = reflection
                .flatMap(Probe::of)
                .map(probe -> probe.doubt() * probe.seconds() / (annotated + probe.seconds()))
                .orElse(0.0);
        return Math.max(contradicted, probed);
    }

    /** The mean IoU of predictions with the annotation. */
    private double agreement(List<List<Interval>> predicted) {
        return predicted.stream()
                .mapToDouble(spans -> spans.isEmpty() ? 0 : ReplyScores.iou(sample.intervals(), spans))
                .average()
                .orElse(0);
    }

    /** The mean IoU of each two predictions; 1 for a single one, unless it is empty. */
    private static double consistency(List<List<Interval>> predicted) {
        if (predicted.size() == 1) {
            return predicted.get(0).isEmpty() ? 0 : 1;
        }
        double sum = 0;
        for (int i = 0; i < predicted.size(); i++) {
            for (int j = 0; j < i; j++) {
                sum += Intervals.iou(predicted.get(i), predicted.get(j));
            }
        }
        return 2 * sum / (predicted.size() * (predicted.size() - 1));
    }
}
