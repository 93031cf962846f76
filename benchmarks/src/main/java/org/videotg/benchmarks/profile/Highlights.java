package org.videotg.benchmarks.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;

/**
 * Highlight metrics of QVHighlights: videos in clips of 2 seconds, a clip is positive for an annotator who scored it at
 * least 2 (Fair), 3 (Good) or 4 (VeryGood). mAP is averaged over annotators and queries; Hit1 is the share of queries
 * whose highest scored clip, the first of equals, is positive for any annotator. Percent with two decimals. Source:
 * {@code eval_highlight} in jayleicn/moment_detr standalone_eval/eval.py.
 */
final class Highlights {
    private static final double CLIP_SECONDS = 2;
    private static final int ANNOTATORS = 3;
    private static final String CLIPS = "relevant_clip_ids";
    private static final String SCORES = "saliency_scores";
    private static final Map<String, Integer> LEAST = new LinkedHashMap<>();

    static {
        LEAST.put("Fair", 2);
        LEAST.put("Good", 3);
        LEAST.put("VeryGood", 4);
    }

    private Highlights() {}

    /**
     * The annotated saliency of one video.
     *
     * @param clips indices of the relevant clips of 2 seconds
     * @param scores of each of them, one score in 0..4 an annotator
     * @param length number of clips in the video
     */
    private record Saliency(List<Integer> clips, List<List<Integer>> scores, int length) {
        static Saliency of(Pair pair) {
            String row = "row \"" + pair.id() + "\": ";
            if (!isAnnotated(pair) || pair.duration() == null) {
                throw new InputException(
                        row + "the predictions have saliency scores, the annotations none to compare them with; "
                                + "give annotations with \"relevant_clip_ids\", \"saliency_scores\" and \"duration\"");
            }
            Map<String, JsonNode> fields = pair.annotation().fields();
            List<Integer> clips = numbers(fields.getOrDefault(CLIPS, MissingNode.getInstance()), row);
            List<List<Integer>> scores = new ArrayList<>();
            fields.get(SCORES).forEach(of -> scores.add(numbers(of, row)));
            if (clips.size() != scores.size()) {
                throw new InputException(
                        row + "there are " + clips.size() + " relevant clips and saliency scores of " + scores.size());
            }
            if (clips.stream().anyMatch(clip -> clip < 0) || scores.stream().anyMatch(of -> of.size() != ANNOTATORS)) {
                throw new InputException(
                        row + "a relevant clip needs an index from 0 and " + ANNOTATORS + " saliency scores");
            }
            int length = (int) (pair.duration() / CLIP_SECONDS);
            clips.stream().filter(clip -> clip >= length).findFirst().ifPresent(clip -> {
                throw new InputException(row + "relevant clip " + clip + " lies beyond the " + length
                        + " clips of the video; correct the annotation");
            });
            return new Saliency(clips, scores, length);
        }

        private static List<Integer> numbers(JsonNode list, String row) {
            List<Integer> numbers = new ArrayList<>();
            list.forEach(value -> {
                if (!value.isNumber()) {
                    throw new InputException(row + "a list of numbers holds " + value);
                }
                numbers.add((int) value.asDouble());
            });
            return numbers;
        }

        boolean[] positive(int annotator, int least) {
            boolean[] positive = new boolean[length];
            for (int i = 0; i < clips.size(); i++) {
                positive[clips.get(i)] = scores.get(i).get(annotator) >= least;
            }
            return positive;
        }
    }

    /** Whether the annotation has saliency scores. */
    static boolean isAnnotated(Pair pair) {
        return pair.annotation().fields().containsKey(SCORES);
    }

    static Map<String, Double> score(MetricProfile profile, List<Pair> pairs) {
        List<Saliency> annotated = new ArrayList<>();
        for (Pair pair : pairs) {
            if (pair.prediction().saliency() == null
                    || pair.prediction().saliency().isEmpty()) {
                throw new InputException("row \"" + pair.id() + "\": profile " + profile.name()
                        + " needs saliency scores of every prediction, or of none");
            }
            annotated.add(Saliency.of(pair));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        LEAST.forEach((name, least) -> {
            List<Double> precisions = new ArrayList<>();
            List<Double> hits = new ArrayList<>();
            for (int i = 0; i < annotated.size(); i++) {
                List<Double> predicted = pairs.get(i).prediction().saliency();
                boolean hit = false;
                int top = top(predicted);
                for (int annotator = 0; annotator < ANNOTATORS; annotator++) {
                    boolean[] positive = annotated.get(i).positive(annotator, least);
                    precisions.add(AveragePrecision.ofClips(positive, predicted));
                    hit |= top < positive.length && positive[top];
                }
                hits.add(hit ? 1.0 : 0.0);
            }
            metrics.put("HL-min-" + name + "-mAP", Arithmetic.fixed(100 * Arithmetic.numpy(precisions), 2));
            metrics.put("HL-min-" + name + "-Hit1", Arithmetic.fixed(100 * Arithmetic.numpy(hits), 2));
        });
        return metrics;
    }

    private static int top(List<Double> scores) {
        int top = 0;
        for (int i = 1; i < scores.size(); i++) {
            top = scores.get(i) > scores.get(top) ? i : top;
        }
        return top;
    }
}
