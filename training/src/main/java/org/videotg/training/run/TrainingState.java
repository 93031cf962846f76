package org.videotg.training.run;

/**
 * Where a run stands after some steps.
 *
 * @param steps done
 * @param compute spent on them
 */
public record TrainingState(long steps, Fingerprints fingerprints, Compute compute) {
    /**
     * What the steps of a run have cost, start-up and cached features included. Work that a kill threw away is not in it.
     *
     * @param rolloutForwards token-forwards of generation
     * @param trainingForwards token-forwards of training: forward 1, backward 2
     * @param cpuSeconds of the training process, all of its threads
     * @param seconds that passed
     */
    public record Compute(long rolloutForwards, long trainingForwards, double cpuSeconds, double seconds) {
        public static final Compute NONE = new Compute(0, 0, 0, 0);

        public Compute plus(Compute more) {
            return new Compute(
                    rolloutForwards + more.rolloutForwards,
                    trainingForwards + more.trainingForwards,
                    cpuSeconds + more.cpuSeconds,
                    seconds + more.seconds);
        }

        public long tokenForwards() {
            return rolloutForwards + trainingForwards;
        }
    }
}
