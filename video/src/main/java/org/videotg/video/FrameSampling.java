package org.videotg.video;

import java.util.Arrays;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;

/**
 * A rule that chooses evenly spaced frames of a video; one record per reference implementation. The records' text is
 * part of manifests, of the identity of verdicts and of cached features.
 */
public sealed interface FrameSampling {
    /** Frames sampled per second. */
    double fps();

    /** Returns how many of {@code total} frames at {@code videoFps} frames per second are chosen. */
    int count(int total, double videoFps);

    /** Returns {@code count} evenly spaced frames of a range. */
    int[] indices(FrameRange range, int count);

    /** Returns {@code count} evenly spaced indices from 0 to at most {@code total - 1}. */
    default int[] indices(int total, int count) {
        return indices(new FrameRange(0, total - 1), count);
    }

    /** Samples a whole video. */
    default SampledFrames sample(VideoFile video) {
        return sample(video, Clip.WHOLE);
    }

    /**
     * Samples a clip of a video. At a variable rate frames are chosen by time: those presented nearest to evenly spaced
     * times between the first frame and the last.
     *
     * @throws InputException if the clip lies outside the video, or has fewer frames than the rule needs
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
        boolean byIndex = info.timesFollowIndex();
        double[] seconds = Arrays.stream(indices)
                .mapToDouble(i -> (byIndex ? i / info.fps() : times[i]) - clip.start())
                .toArray();
        return new SampledFrames(indices, seconds, info, clip, range, info.notesWithTimes());
    }

    /** Returns the frames nearest to {@code count} evenly spaced times; of two equally near, the earlier. */
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
     * Sampling of transformers 5.18 for Qwen3-VL: int(total / videoFps * fps) frames, at least {@code minFrames}, at
     * most {@code maxFrames} and {@code total}. Indices in double precision, as numpy's {@code linspace}.
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
     * Sampling of qwen-vl-utils: total / videoFps * fps frames, at least {@code minFrames} rounded up to even, at most
     * {@code maxFrames} rounded down to even and {@code total}, then rounded down to even. Indices in single precision,
     * as torch's {@code linspace}: the second half counts from the end, with fused multiply-add.
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
     * Sampling of transformers 5.18 for Qwen2.5-VL: as many frames as {@link Utils} except that an odd minimum is not
     * rounded up, at indices floor(i * total / count), so never the last frame. In single precision, as torch's
     * {@code arange}, which counts in blocks of eight. Where rounding gives torch an index beyond the video, it is left
     * out.
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
