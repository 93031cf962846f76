package org.videotg.app.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.videotg.benchmarks.annotation.Rollouts;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyRules;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reward.WeightedReward;

/**
 * Verdicts of difficulty from the replies that an annotation file brings, without a model that is asked.
 *
 * @param verdicts of the samples that have replies, in the order of the samples
 * @param without ids of the others
 */
public record RolloutVerdicts(List<DifficultyVerdict> verdicts, List<String> without) {
    public RolloutVerdicts {
        verdicts = List.copyOf(verdicts);
        without = List.copyOf(without);
    }

    /**
     * Scores the {@link Rollouts} of each sample by IoU with its annotation. The spread is that of the IoU, and a sample
     * is hard by the default threshold of difficulty estimation. The model is named by the file, since a file of
     * rollouts does not say which model replied.
     *
     * @param annotations file that the samples were read from
     * @throws InputException if no sample has replies
     */
    public static RolloutVerdicts of(List<Sample> samples, Path annotations) {
        ModelIdentity model = new ModelIdentity(
                "rollouts in " + annotations.getFileName(),
                "not stated",
                Sha256.of(annotations),
                "not stated; made by whoever wrote the file");
        double tau = DifficultySettings.defaults().tau();
        ObjectNode settings =
                Json.MAPPER.createObjectNode().put("source", Rollouts.FIELD).put("tau", tau);
        List<DifficultyVerdict> verdicts = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (Sample sample : samples) {
            Rollouts.of(sample)
                    .ifPresentOrElse(
                            rollouts -> verdicts.add(verdict(sample, rollouts, model, settings)),
                            () -> without.add(sample.id()));
        }
        if (verdicts.isEmpty()) {
            throw new InputException("none of the " + samples.size() + " samples of " + annotations
                    + " has \"" + Rollouts.FIELD
                    + "\", from which --difficulty is computed; leave it out, and ask a model"
                    + " with ./videotg difficulty");
        }
        return new RolloutVerdicts(verdicts, without);
    }

    private static DifficultyVerdict verdict(
            Sample sample, Rollouts rollouts, ModelIdentity model, ObjectNode settings) {
        List<Double> ious = rollouts.spans().stream()
                .map(spans -> spans.isEmpty() ? 0.0 : ReplyScores.iou(sample.intervals(), spans))
                .toList();
        return new DifficultyVerdict(
                sample.id(),
                ious,
                WeightedReward.std(
                        ious.stream().mapToDouble(Double::doubleValue).toArray()),
                (int) rollouts.spans().stream().filter(List<Interval>::isEmpty).count(),
                DifficultyRules.hard(ious, settings.path("tau").asDouble()),
                rollouts.spans(),
                rollouts.replies(),
                null,
                null,
                model,
                settings,
                Verdict.fingerprint(sample),
                Cost.NONE,
                null);
    }
}
