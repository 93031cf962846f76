package org.videotg.benchmarks.profile;

/** Whether a chosen option is the right one. */
final class Answers {
    private Answers() {}

    /** By the right option that the prediction file repeats, else by the annotation's; null if nothing was chosen or is known. */
    static Boolean right(Pair pair) {
        String stated = pair.prediction().statedAnswer();
        String right = stated == null ? pair.truth().answer() : stated;
        String chosen = pair.prediction().answer();
        return (right == null || chosen == null) ? null : Boolean.valueOf(right.equals(chosen));
    }
}
