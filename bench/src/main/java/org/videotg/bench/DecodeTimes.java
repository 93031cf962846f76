package org.videotg.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.videotg.core.sample.Clip;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameDecoder.Colours;
import org.videotg.video.FrameSampling;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;

/**
 * CPU time of decoding the frames that are sampled at 2 fps: {@code DecodeTimes ROUNDS FILE [START END]}, in seconds of
 * the video. Prints the mean over the rounds, after three more, and a hash of all pixels, by which two versions of this
 * program can be compared.
 */
public final class DecodeTimes {
    private static final int WARM_UP = 3;

    private DecodeTimes() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("DecodeTimes ROUNDS FILE [START] [END]", arguments, DecodeTimes::run);
    }

    private static void run(String[] arguments) {
        int rounds = Integer.parseInt(arguments[0]);
        VideoFile video = VideoFile.open(Path.of(arguments[1]));
        Clip clip = arguments.length < 4
                ? Clip.WHOLE
                : new Clip(Double.parseDouble(arguments[2]), Double.parseDouble(arguments[3]));
        SampledFrames sampled = FrameSampling.Hf.defaults().sample(video, clip);
        var machine = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int hash = 0;
        long begin = 0;
        for (int round = -WARM_UP; round < rounds; round++) {
            begin = round == 0 ? machine.getProcessCpuTime() : begin;
            int[] pixels = {0};
            FrameDecoder.decode(
                    video.info(),
                    sampled.indices(),
                    Colours.FAST,
                    (position, image) -> pixels[0] = 31 * pixels[0] + Arrays.hashCode(image.rgb()));
            hash = pixels[0];
        }
        System.out.println(String.format(
                Locale.ROOT,
                "%s: %d frames, %.1f ms, pixels %08x",
                arguments[1],
                sampled.count(),
                (machine.getProcessCpuTime() - begin) / 1e6 / rounds,
                hash));
    }
}
