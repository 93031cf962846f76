package org.videotg.training.data;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.ClipCheck;

/** The samples of a training run, in the order of their file. */
public record TrainingData(List<Row> rows) {
    public TrainingData {
        rows = List.copyOf(rows);
    }

    /**
     * One sample.
     *
     * @param video where its file lies, and its clip
     * @param hard whether the curriculum masks it: what its curation says
     * @param repeat how often the same step has it before this place, which only a step over an epoch's end does
     */
    public record Row(Sample sample, VideoRef video, boolean hard, int repeat) {
        Row again(int times) {
            return times == repeat ? this : new Row(sample, video, hard, times);
        }
    }

    /**
     * @throws org.videotg.core.io.InputException if a row is bad, or a video is missing: said before a run, not in its
     *     middle
     */
    public static TrainingData read(Path file) {
        List<Sample> samples = Samples.read(file);
        VideoCheck.of(file, samples).require(file);
        ClipCheck.require(Samples.videos(file, samples));
        return new TrainingData(samples.stream()
                .map(sample -> new Row(
                        sample,
                        Samples.video(file, sample),
                        Curation.of(sample).map(Curation::hard).orElse(false),
                        0))
                .toList());
    }

    /** Every video, or clip, once, in order. */
    public List<VideoRef> videos() {
        return rows.stream().map(Row::video).distinct().toList();
    }
}
