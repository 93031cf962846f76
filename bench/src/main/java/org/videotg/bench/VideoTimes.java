package org.videotg.bench;

import java.nio.file.Path;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;

/**
 * Prints what videotg finds in video files, one row of JSON each: {@code {"video", "times", "duration", "indices",
 * "notes"}}, or {@code {"video", "error"}}; the sampled frames are decoded too. For bench/reference/video_matrix.py.
 */
public final class VideoTimes {
    private VideoTimes() {}

    private record Found(
            String video, double[] times, double duration, int[] indices, int width, int height, Object notes) {}

    private record Failed(String video, String error) {}

    public static void main(String[] files) {
        for (String file : files) {
            Object row;
            try {
                VideoFile video = VideoFile.open(Path.of(file));
                SampledFrames sampled = FrameSampling.Hf.defaults().sample(video);
                FrameDecoder.decode(video.info(), sampled.indices(), (position, image) -> {});
                row = new Found(
                        file,
                        video.times(),
                        video.info().duration(),
                        sampled.indices(),
                        video.info().width(),
                        video.info().height(),
                        sampled.notes());
            } catch (InputException e) {
                row = new Failed(file, e.getMessage());
            }
            System.out.println(Json.line(row));
        }
    }
}
