package org.videotg.core.mllm;

import java.util.List;
import org.videotg.core.run.Cost;

/** The probability of "yes" for several questions about one view of a video, without sampling a reply. */
public interface YesNo {
    /**
     * Asks the questions in one pass.
     *
     * @param before text before the video, the same for all questions
     * @param questions texts after the video
     */
    Probabilities probabilities(VideoView view, String before, List<String> questions);

    /**
     * The answer to all questions.
     *
     * @param yes for each question P(yes) / (P(yes) + P(no)) of the reply's first token
     * @param promptTokens length of the part that the questions share, the video's tokens included
     * @param cost of all questions together
     */
    record Probabilities(List<Double> yes, int promptTokens, Cost cost) {
        public Probabilities {
            yes = List.copyOf(yes);
        }
    }
}
