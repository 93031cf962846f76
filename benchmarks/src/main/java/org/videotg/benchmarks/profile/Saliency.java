package org.videotg.benchmarks.profile;

import java.util.List;

/**
 * How QVHighlights annotates highlights.
 *
 * @param clips indices of the relevant clips of 2 seconds
 * @param scores of each of them, one score in 0..4 an annotator
 */
public record Saliency(List<Integer> clips, List<List<Integer>> scores) {
    /** Annotators of a clip. */
    public static final int ANNOTATORS = 3;

    public Saliency {
        clips = List.copyOf(clips);
        scores = scores.stream().map(List::copyOf).toList();
        if (clips.size() != scores.size()) {
            throw new IllegalArgumentException(
                    "there are " + clips.size() + " relevant clips and saliency scores of " + scores.size());
        }
        if (clips.stream().anyMatch(clip -> clip < 0) || scores.stream().anyMatch(of -> of.size() != ANNOTATORS)) {
            throw new IllegalArgumentException(
                    "a relevant clip needs an index from 0 and " + ANNOTATORS + " saliency scores");
        }
    }
}
