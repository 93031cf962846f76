package org.videotg.training.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;

/** The samples of a training run with their videos, in the order of the file. */
public record TrainingData(List<Example> examples) {
    public TrainingData {
        examples = List.copyOf(examples);
    }

    /**
     * A sample with its video.
     *
     * @param hard whether its curation marks it as hard, so that the curriculum masks its video
     * @param repeat how many times the sample already occurs earlier in the same step; above 0 only where a step spans
     *     the end of an epoch
     */
    public record Example(Sample sample, VideoRef video, boolean hard, int repeat) {
        Example withRepeat(int times) {
            return times == repeat ? this : new Example(sample, video, hard, times);
        }
    }

    /**
     * Reads the samples; whether their videos can be used is checked before a run.
     *
     * @param skipped ids of samples to leave out
     * @throws org.videotg.core.io.InputException if a row is invalid
     */
    public static TrainingData read(Path file, Set<String> skipped) {
        List<Sample> samples = Samples.read(file);
        return new TrainingData(samples.stream()
                .filter(sample -> !skipped.contains(sample.id()))
                .map(sample -> new Example(
                        sample,
                        Samples.video(file, sample),
                        Curation.of(sample).map(Curation::hard).orElse(false),
                        0))
                .toList());
    }

    /** Returns the distinct videos (or clips) in the order of the file. */
    public List<VideoRef> videos() {
        return examples.stream().map(Example::video).distinct().toList();
    }
}
