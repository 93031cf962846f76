package org.videotg.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.videotg.core.io.InputException;

/**
 * A video file with the presentation time of each of its frames: the result of one pass over its packets, without
 * decoding. Immutable; holds no native memory and no open file. Files scanned lately are remembered, so that code which
 * only knows a path need not scan again; a file of another size or modification time is scanned anew.
 */
public final class VideoFile {
    /** Frames of all remembered files together, at most: 16 MB. */
    private static final int REMEMBERED_FRAMES = 2_000_000;

    private static final Map<Version, VideoFile> REMEMBERED = new LinkedHashMap<>(16, 0.75f, true);

    private record Version(Path path, long bytes, FileTime modified) {}

    private final VideoInfo info;
    private final double[] times;

    private VideoFile(VideoInfo info, double[] times) {
        this.info = info;
        this.times = times;
    }

    /** Like {@link #open}, without the frames' times. */
    public static VideoInfo probe(Path path) {
        return open(path).info;
    }

    /**
     * Scans a file, or returns what an earlier scan found.
     *
     * @throws InputException if the file is missing, a folder, unreadable, empty, no video, without a video stream,
     *     without a frame or of a codec that can't be decoded; the message names the file and what was found
     */
    public static VideoFile open(Path path) {
        Version version;
        try {
            version = new Version(path, Files.size(path), Files.getLastModifiedTime(path));
        } catch (IOException e) {
            return scan(path);
        }
        synchronized (REMEMBERED) {
            VideoFile remembered = REMEMBERED.get(version);
            if (remembered != null) {
                return remembered;
            }
        }
        VideoFile scanned = scan(path);
        synchronized (REMEMBERED) {
            REMEMBERED.put(version, scanned);
            long frames = REMEMBERED.values().stream()
                    .mapToLong(file -> file.times.length)
                    .sum();
            for (Iterator<VideoFile> oldest = REMEMBERED.values().iterator(); frames > REMEMBERED_FRAMES; ) {
                frames -= oldest.next().times.length;
                oldest.remove();
            }
        }
        return scanned;
    }

    private static VideoFile scan(Path path) {
        try (Demuxer demuxer = new Demuxer(path)) {
            AVCodecParameters parameters = demuxer.stream().codecpar();
            demuxer.decoder();
            Timestamps timestamps = Timestamps.scan(demuxer);
            if (timestamps.count() == 0) {
                throw new InputException(path + " holds a video stream (" + demuxer.codecName()
                        + ") but not a single whole frame; give another file");
            }
            if (parameters.width() < 1 || parameters.height() < 1) {
                throw new InputException(path + ": its video stream states no picture size; the file may be damaged");
            }
            return describe(demuxer, parameters, timestamps);
        }
    }

    public VideoInfo info() {
        return info;
    }

    /** Returns a copy of the frames' times in seconds from the start of the presentation, ascending. */
    public double[] times() {
        return times.clone();
    }

    private static VideoFile describe(Demuxer demuxer, AVCodecParameters parameters, Timestamps timestamps) {
        int frames = timestamps.count() + demuxer.framesCutOff();
        double fps = rate(demuxer, timestamps);
        double[] times = new double[frames];
        double start = demuxer.presentationStart();
        for (int i = 0; i < frames; i++) {
            if (!timestamps.known()) {
                times[i] = i / fps;
            } else if (i < timestamps.count()) {
                times[i] = timestamps.tick(i) * demuxer.tick() - start;
            } else {
                times[i] = times[i - 1] + 1 / fps;
            }
        }
        double last = timestamps.known() && timestamps.lastDuration() > 0
                ? timestamps.lastDuration() * demuxer.tick()
                : 1 / fps;
        double duration = times[frames - 1] + last - times[0];
        boolean constant = isConstant(times, fps, demuxer.tick());
        // Decoding times are early by an unknown delay, so the start of the first frame is unknown.
        double offset = timestamps.presentation() ? times[0] : 0;
        if (!timestamps.presentation()) {
            double first = times[0];
            Arrays.setAll(times, i -> times[i] - first);
        }
        int rotation = demuxer.rotation();
        boolean swapped = rotation % 180 != 0;
        VideoInfo info = new VideoInfo(
                demuxer.path(),
                swapped ? parameters.height() : parameters.width(),
                swapped ? parameters.width() : parameters.height(),
                duration,
                fps,
                frames,
                constant,
                offset,
                rotation,
                demuxer.codecName());
        return new VideoFile(info, times);
    }

    private static double rate(Demuxer demuxer, Timestamps timestamps) {
        AVRational average = demuxer.stream().avg_frame_rate();
        AVRational base = demuxer.stream().r_frame_rate();
        if (average.num() > 0 && average.den() > 0) {
            return avutil.av_q2d(average);
        }
        if (timestamps.known() && timestamps.count() > 1) {
            double span = (timestamps.tick(timestamps.count() - 1) - timestamps.tick(0)) * demuxer.tick();
            if (span > 0) {
                return (timestamps.count() - 1) / span;
            }
        }
        if (base.num() > 0 && base.den() > 0) {
            return avutil.av_q2d(base);
        }
        throw new InputException(demuxer.path() + " states neither a frame rate nor times; convert the file to mp4");
    }

    static boolean isConstant(double[] times, double fps, double tick) {
        double tolerance = Math.max(VideoInfo.toleranceOf(fps), 1.01 * tick);
        for (int i = 0; i < times.length; i++) {
            if (Math.abs(times[i] - times[0] - i / fps) > tolerance) {
                return false;
            }
        }
        return true;
    }

    /** Timestamps of the packets of a stream in ticks, sorted. */
    private record Timestamps(long[] ticks, int count, boolean known, boolean presentation, long lastDuration) {
        long tick(int frame) {
            return ticks[frame];
        }

        /** Reads presentation times; if any is missing, decoding times; if any of those is missing too, none. */
        static Timestamps scan(Demuxer demuxer) {
            long[] pts = new long[1024];
            long[] dts = new long[1024];
            int count = 0;
            boolean allPts = true;
            boolean allDts = true;
            long latest = Long.MIN_VALUE;
            long duration = 0;
            AVPacket packet = avcodec.av_packet_alloc();
            try {
                while (demuxer.read(packet)) {
                    if (packet.size() > 0 && (packet.flags() & avcodec.AV_PKT_FLAG_DISCARD) == 0) {
                        if (count == pts.length) {
                            pts = Arrays.copyOf(pts, 2 * count);
                            dts = Arrays.copyOf(dts, 2 * count);
                        }
                        pts[count] = packet.pts();
                        dts[count] = packet.dts();
                        allPts &= packet.pts() != avutil.AV_NOPTS_VALUE;
                        allDts &= packet.dts() != avutil.AV_NOPTS_VALUE;
                        count++;
                        long shown = allPts ? packet.pts() : packet.dts();
                        if (shown >= latest) {
                            latest = shown;
                            duration = packet.duration();
                        }
                    }
                    avcodec.av_packet_unref(packet);
                }
            } finally {
                avcodec.av_packet_free(packet);
            }
            long[] ticks = Arrays.copyOf(allPts ? pts : dts, count);
            Arrays.sort(ticks);
            return new Timestamps(ticks, count, allPts || allDts, allPts, duration);
        }
    }
}
