package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;

/**
 * Highlight metrics of QVHighlights: videos in clips of 2 seconds, a clip is positive for an annotator who scored it at least 2
 * (Fair), 3 (Good) or 4 (VeryGood). mAP is averaged over annotators and queries; Hit1 is the share of queries whose highest
 * scored clip, the first of equals, is positive for any annotator. Percent with two decimals. Source: {@code eval_highlight} in
 * jayleicn/moment_detr standalone_eval/eval.py.
 */
final class Highlights {
    private static final double CLIP_SECONDS = 2;
    private static final Map<String, Integer> LEAST = new LinkedHashMap<>();

    static {
        LEAST.put("Fair", 2);
        LEAST.put("Good", 3);
        LEAST.put("VeryGood", 4);
    }

    private Highlights() {}

    static Map<String, Double> score(MetricProfile profile, List<Pair> pairs) {
        for (Pair pair : pairs) {
            check(profile, pair);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        LEAST.forEach((name, least) -> {
            List<Double> precisions = new ArrayList<>();
            List<Double> hits = new ArrayList<>();
            for (Pair pair : pairs) {
                boolean hit = false;
                int top = top(pair.prediction().saliency());
                for (int annotator = 0; annotator < Saliency.ANNOTATORS; annotator++) {
                    boolean[] positive = positive(pair, annotator, least);
                    precisions.add(ClipPrecision.of(positive, pair.prediction().saliency()));
                    hit |= top < positive.length && positive[top];
                }
                hits.add(hit ? 1.0 : 0.0);
            }
            metrics.put("HL-min-" + name + "-mAP", Decimals.fixed(100 * Means.numpy(precisions), 2));
            metrics.put("HL-min-" + name + "-Hit1", Decimals.fixed(100 * Means.numpy(hits), 2));
        });
        return metrics;
    }

    private static void check(MetricProfile profile, Pair pair) {
        String row = "row \"" + pair.truth().id() + "\": ";
        if (pair.prediction().saliency() == null || pair.prediction().saliency().isEmpty()) {
            throw new InputException(
                    row + "profile " + profile.name() + " needs saliency scores of every prediction, or of none");
        }
        if (pair.truth().saliency() == null || pair.truth().duration() == null) {
            throw new InputException(
                    row + "the predictions have saliency scores, the annotations none to compare them with; "
                            + "give annotations with \"relevant_clip_ids\", \"saliency_scores\" and \"duration\"");
        }
        int clips = clips(pair);
        pair.truth().saliency().clips().stream()
                .filter(clip -> clip >= clips)
                .findFirst()
                .ifPresent(clip -> {
                    throw new InputException(row + "relevant clip " + clip + " lies beyond the " + clips
                            + " clips of the video; correct " + "the annotation");
                });
    }

    private static int clips(Pair pair) {
        return (int) (pair.truth().duration() / CLIP_SECONDS);
    }

    private static boolean[] positive(Pair pair, int annotator, int least) {
        boolean[] positive = new boolean[clips(pair)];
        Saliency saliency = pair.truth().saliency();
        for (int i = 0; i < saliency.clips().size(); i++) {
            positive[saliency.clips().get(i)] = saliency.scores().get(i).get(annotator) >= least;
        }
        return positive;
    }

    private static int top(List<Double> scores) {
        int top = 0;
        for (int i = 1; i < scores.size(); i++) {
            top = scores.get(i) > scores.get(top) ? i : top;
        }
        return top;
    }
}
