package org.videotg.video;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;

/** Which frames of a video a model sees: evenly spaced ones. One record per reference. */
public sealed interface FrameSampling {
    /** Frames wanted of each second. */
    double fps();

    /** Frames to choose from {@code total} at {@code videoFps} frames per second. */
    int count(int total, double videoFps);

    /** {@code count} of the frames of a range, evenly spaced. */
    int[] indices(FrameRange range, int count);

    /** {@code count} indices from 0 to at most {@code total - 1}, evenly spaced. */
    default int[] indices(int total, int count) {
        return indices(new FrameRange(0, total - 1), count);
    }

    /** Frames of a whole video. */
    default SampledFrames sample(VideoFile video) {
        return sample(video, Clip.WHOLE);
    }

    /**
     * Frames of a video, or of a clip of it. At a variable rate they are chosen by time: those presented nearest to evenly spaced
     * times between the first frame and the last.
     *
     * @throws InputException if the clip isn't within the video, or there are fewer frames than the rule needs
     */
    default SampledFrames sample(VideoFile video, Clip clip) {
        VideoInfo info = video.info();
        FrameRange range = FrameRange.of(video, clip);
        int count;
        try {
            count = count(range.frames(), info.fps());
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    new VideoRef(info.path(), clip) + ": " + e.getMessage() + "; give a longer "
                            + (clip.isWhole() ? "video" : "clip"),
                    e);
        }
        double[] times = video.times();
        int[] indices = info.constantRate()
                ? indices(range, count)
                : Arrays.stream(nearest(Arrays.copyOfRange(times, range.first(), range.last() + 1), count))
                        .map(i -> range.first() + i)
                        .toArray();
        if (info.timesFollowIndex()) {
            return new SampledFrames(
                    indices,
                    Arrays.stream(indices)
                            .mapToDouble(i -> i / info.fps() - clip.start())
                            .toArray(),
                    info,
                    clip,
                    range,
                    List.of());
        }
        String reason = info.constantRate()
                ? String.format(Locale.ROOT, "its first frame is shown at %.3f s", info.startOffset())
                : "its frame rate varies";
        return new SampledFrames(
                indices,
                Arrays.stream(indices).mapToDouble(i -> times[i] - clip.start()).toArray(),
                info,
                clip,
                range,
                List.of(info.path() + ": " + reason + ", so times are presentation times, not index / fps"));
    }

    /** The frames whose times are nearest to {@code count} evenly spaced ones; of two equally near the earlier. */
    static int[] nearest(double[] times, int count) {
        int[] chosen = new int[count];
        double first = times[0];
        double last = times[times.length - 1];
        for (int i = 0; i < count; i++) {
            double target = count == 1 ? first : first + (last - first) * i / (count - 1);
            int after = Arrays.binarySearch(times, target);
            after = after >= 0 ? after : Math.min(-after - 1, times.length - 1);
            boolean before = after > 0 && target - times[after - 1] <= times[after] - target;
            chosen[i] = before ? after - 1 : after;
        }
        return chosen;
    }

    /**
     * The processor of transformers 5.18 for Qwen3-VL: int(total / videoFps * fps) frames, at least {@code minFrames}, at most
     * {@code maxFrames} and as many as there are. Indices in double precision, as numpy's {@code linspace}.
     *
     * @param fps frames sampled per second
     */
    record Hf(double fps, int minFrames, int maxFrames) implements FrameSampling {
        public Hf {
            check(fps, minFrames, maxFrames);
        }

        /** 2 frames per second, 4 to 768 frames. */
        public static Hf defaults() {
            return new Hf(2, 4, 768);
        }

        @Override
        public int count(int total, double videoFps) {
            int wanted = (int) (total / videoFps * fps);
            return Math.min(Math.min(Math.max(wanted, minFrames), maxFrames), total);
        }

        @Override
        public int[] indices(FrameRange range, int count) {
            int[] indices = new int[count];
            double step = count == 1 ? 0 : (range.frames() - 1) / (double) (count - 1);
            for (int i = 0; i < count; i++) {
                indices[i] = count > 1 && i == count - 1 ? range.last() : range.first() + (int) Math.rint(i * step);
            }
            return indices;
        }
    }

    /**
     * qwen-vl-utils: total / videoFps * fps frames, at least {@code minFrames} rounded up to even, at most {@code maxFrames}
     * rounded down to even and as many as there are, then rounded down to even. Indices in single precision, as torch's
     * {@code linspace}: the second half counts from the end, with fused multiply-add.
     *
     * @param fps frames sampled per second
     */
    record Utils(double fps, int minFrames, int maxFrames) implements FrameSampling {
        public Utils {
            check(fps, minFrames, maxFrames);
            if (maxFrames < 2) {
                throw new IllegalArgumentException("sampling by pairs needs at least 2 frames, not " + maxFrames);
            }
        }

        /** 2 frames per second, 4 to 768 frames. */
        public static Utils defaults() {
            return new Utils(2, 4, 768);
        }

        @Override
        public int count(int total, double videoFps) {
            if (total < 2) {
                throw new IllegalArgumentException("has " + total + " frame where a pair is needed");
            }
            double least = (minFrames + 1) / 2 * 2;
            double most = maxFrames / 2 * 2;
            double wanted = Math.min(Math.min(Math.max(total / videoFps * fps, least), most), total);
            return (int) Math.floor(wanted / 2) * 2;
        }

        @Override
        public int[] indices(FrameRange range, int count) {
            int[] indices = new int[count];
            float start = range.first();
            float end = range.last();
            float step = count == 1 ? 0 : (end - start) / (count - 1);
            for (int i = 0; i < count; i++) {
                float exact = i < count / 2 ? Math.fma(step, i, start) : Math.fma(-step, count - 1 - i, end);
                indices[i] = count == 1 ? range.first() : (int) Math.rint(exact);
            }
            return indices;
        }
    }

    /**
     * The processor of transformers 5.18 for Qwen2.5-VL: as many frames as {@link Utils} except that an odd minimum is not
     * rounded up, and indices i * total / count, rounded down, so that the last frame is not among them. In single precision, as
     * torch's {@code arange}, which counts in blocks of eight. Where rounding gives torch one index too many, which is no frame
     * of the video, ours leaves it out.
     *
     * @param fps frames sampled per second
     */
    record HfPairs(double fps, int minFrames, int maxFrames) implements FrameSampling {
        private static final int BLOCK = 8;

        public HfPairs {
            check(fps, minFrames, maxFrames);
        }

        @Override
        public int count(int total, double videoFps) {
            double most = Math.min(maxFrames, total) / 2 * 2;
            int pairs = (int) Math.floor(Math.min(Math.max(total / videoFps * fps, minFrames), most) / 2);
            if (pairs < 1) {
                throw new IllegalArgumentException("has " + total + " frame where a pair is needed");
            }
            return 2 * pairs;
        }

        @Override
        public int[] indices(FrameRange range, int count) {
            int total = range.frames();
            double step = total / (double) count;
            int places = (int) Math.ceil(total / step);
            int[] indices = new int[count];
            for (int i = 0; i < count; i++) {
                int block = i / BLOCK * BLOCK;
                float exact = block + BLOCK <= places
                        ? (float) ((float) (step * block) + (i - block) * step)
                        : (float) (step * i);
                indices[i] = range.first() + (int) exact;
            }
            return indices;
        }
    }

    private static void check(double fps, int minFrames, int maxFrames) {
        if (!(fps > 0) || Double.isInfinite(fps) || minFrames < 1 || maxFrames < minFrames) {
            throw new IllegalArgumentException("sampling needs fps > 0 and 1 <= min frames <= max frames, not " + fps
                    + ", " + minFrames + ", " + maxFrames);
        }
    }
}
