package org.videotg.benchmarks.profile;

import java.util.List;

/** The convention by which one published evaluator turns predictions into numbers. */
public sealed interface MetricProfile
        permits TimeR1Profile,
                TimeZeroProfile,
                VideoChatR1Profile,
                TimeLensProfile,
                LmmsEvalCharadesProfile,
                LmmsEvalTimeLensProfile,
                VideoMindProfile,
                MomentDetrProfile,
                NextGqaProfile,
                RexTimeProfile,
                TimeChatProfile,
                NextQaProfile {
    /** By which the command line and reports call it. */
    String name();

    /** What sets it apart, in one line. */
    String convention();

    /**
     * Scores paired rows.
     *
     * @return the evaluator's metrics by its own names, rounded as it rounds, and one row for every pair, in their order
     * @throws org.videotg.core.io.InputException if the rows lack what the evaluator needs, or it would stop on them
     */
    Score score(List<Pair> pairs);
}
