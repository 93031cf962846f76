package org.videotg.core.mllm;

import java.util.List;

/** Probability of "yes" for several questions about one view of a video, without sampling a reply. */
public interface YesNo {
    /**
     * @param view the video as the model shall see it
     * @param before text before the video, the same for all questions
     * @param questions texts after the video
     * @return for each question P(yes) / (P(yes) + P(no)) of the reply's first token
     */
    double[] probabilities(VideoView view, String before, List<String> questions);
}
