package org.videotg.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.videotg.core.io.InputException;

/**
 * A video file, or a {@link FrameFolder}, with the presentation time of each of its frames: the result of one pass over its packets, and of
 * decoding where packets don't tell which pictures are shown ({@link Pictures}). Immutable; holds no native memory and
 * no open file. Files scanned lately are remembered, so that code which only knows a path need not scan again; a file
 * of another size or modification time is scanned anew.
 */
public final class VideoFile {
    /** Frames of all remembered files together, at most: 32 MB. */
    private static final int REMEMBERED_FRAMES = 2_000_000;

    private static final Map<Version, VideoFile> REMEMBERED = new LinkedHashMap<>(16, 0.75f, true);

    private record Version(Path path, long bytes, FileTime modified) {}

    private final VideoInfo info;
    private final double[] times;
    private final Packets packets;
    private final int framesCutOff;

    private VideoFile(VideoInfo info, double[] times, Packets packets, int framesCutOff) {
        this.info = info;
        this.times = times;
        this.packets = packets;
        this.framesCutOff = framesCutOff;
    }

    /**
     * What packets tell of their pictures, in ticks of the stream's clock. The arrays are not copied.
     *
     * @param times of the frames, strictly ascending; empty if packets don't tell
     * @param restarts see {@link Pictures#restarts}
     */
    record Packets(long[] times, long[] restarts) {
        static final Packets UNKNOWN = new Packets(new long[0], new long[0]);

        static Packets of(Pictures pictures) {
            long[] times = pictures.ticks();
            boolean known = pictures.restarts().length > 0
                    && IntStream.range(1, times.length).allMatch(i -> times[i - 1] < times[i]);
            return known ? new Packets(times, pictures.restarts()) : UNKNOWN;
        }
    }

    /** Like {@link #open}, without the frames' times. */
    public static VideoInfo probe(Path path) {
        return open(path).info;
    }

    /**
     * Scans a file, or returns what an earlier scan found.
     *
     * @throws InputException if the file is missing, a folder that is no {@link FrameFolder}, unreadable, empty, no video, without a video stream,
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
        if (FrameFolder.is(path)) {
            FrameFolder frames = FrameFolder.open(path);
            return new VideoFile(frames.info(), frames.times(), Packets.UNKNOWN, 0);
        }
        try (Demuxer demuxer = new Demuxer(path)) {
            AVCodecParameters parameters = demuxer.stream().codecpar();
            demuxer.decoder();
            Pictures pictures = Pictures.find(demuxer);
            if (pictures.count() == 0) {
                throw new InputException(path + " holds a video stream (" + demuxer.codecName()
                        + ") but not a single whole frame; give another file");
            }
            if (parameters.width() < 1 || parameters.height() < 1) {
                throw new InputException(path + ": its video stream states no picture size; the file may be damaged");
            }
            return describe(demuxer, pictures);
        }
    }

    public VideoInfo info() {
        return info;
    }

    /** Returns how many of the frames the file's index places beyond the end of the file; 0 for a whole file. */
    int framesCutOff() {
        return framesCutOff;
    }

    Packets packets() {
        return packets;
    }

    /** Returns a copy of the frames' times in seconds from the start of the presentation, ascending. */
    public double[] times() {
        return times.clone();
    }

    private static VideoFile describe(Demuxer demuxer, Pictures pictures) {
        int framesCutOff = demuxer.framesCutOff();
        int frames = pictures.count() + framesCutOff;
        double tick = demuxer.tick();
        List<String> notes = new ArrayList<>(pictures.notes());
        if (demuxer.isTorn() && framesCutOff == 0) {
            notes.add("it breaks off in the midst of a frame, as a recording that was never finished; what comes before"
                    + " is read");
        }
        double fps = rate(demuxer, pictures);
        if (pictures.clock() == Pictures.Clock.NONE || demuxer.isRawStream()) {
            notes.add(String.format(
                    Locale.ROOT, "it states no times, so %.3f frames a second are taken from its header", fps));
        }
        double[] times = new double[frames];
        double start = pictures.ticks()[0] == 0 ? 0 : demuxer.presentationStart();
        for (int i = 0; i < frames; i++) {
            if (pictures.clock() == Pictures.Clock.NONE) {
                times[i] = i / fps;
            } else if (i < pictures.count()) {
                times[i] = pictures.ticks()[i] * tick - start;
            } else {
                times[i] = times[i - 1] + 1 / fps;
            }
        }
        boolean constant = isConstant(times, fps, tick);
        double last = pictures.clock() != Pictures.Clock.NONE && pictures.lastDuration() > 0
                ? pictures.lastDuration() * tick
                : 1 / fps;
        double duration = times[frames - 1] + last - times[0];
        // Pictures that were cut off, or times of decoding, say nothing about when the first picture is shown.
        boolean begins = pictures.cut()
                || pictures.clock() == Pictures.Clock.DECODING
                || demuxer.statesDecodingTimes()
                || times[0] < 0;
        double offset = begins ? 0 : times[0];
        double first = times[0];
        if (begins) {
            Arrays.setAll(times, i -> times[i] - first);
        }
        AVCodecParameters parameters = demuxer.stream().codecpar();
        double aspect = demuxer.pixelAspect();
        int width = isSquare(aspect) ? parameters.width() : (int) Math.rint(parameters.width() * aspect);
        Orientation orientation = demuxer.orientation();
        VideoInfo info = new VideoInfo(
                demuxer.path(),
                orientation.transposed() ? parameters.height() : width,
                orientation.transposed() ? width : parameters.height(),
                duration,
                fps,
                frames,
                constant,
                offset,
                orientation,
                demuxer.codecName(),
                pictures.counted(),
                notes.stream().map(note -> demuxer.path() + ": " + note).toList());
        return new VideoFile(info, times, Packets.of(pictures), framesCutOff);
    }

    /** Whether pixels are square, but for the rounding of a scaled picture's size; or of no shape that makes sense. */
    private static boolean isSquare(double aspect) {
        return Math.abs(aspect - 1) < 0.02 || aspect < 0.1 || aspect > 10;
    }

    /** Frames / duration, or the rate in the header where every frame comes as it says. */
    private static double rate(Demuxer demuxer, Pictures pictures) {
        AVRational average = demuxer.stream().avg_frame_rate();
        AVRational base = demuxer.stream().r_frame_rate();
        double stated = average.num() > 0 && average.den() > 0
                ? avutil.av_q2d(average)
                : base.num() > 0 && base.den() > 0 ? avutil.av_q2d(base) : 0;
        long[] ticks = pictures.ticks();
        double tick = demuxer.tick();
        int last = ticks.length - 1;
        boolean known = pictures.clock() != Pictures.Clock.NONE;
        if (stated > 0
                && (!known
                        || IntStream.rangeClosed(0, last)
                                .allMatch(i -> Math.abs((ticks[i] - ticks[0]) * tick - i / stated) < 1.01 * tick))) {
            return stated;
        }
        long lastDuration =
                pictures.lastDuration() > 0 || last == 0 ? pictures.lastDuration() : ticks[last] - ticks[last - 1];
        long span = ticks[last] - ticks[0] + lastDuration;
        if (!known || span <= 0) {
            throw new InputException(
                    demuxer.path() + " states neither a frame rate nor times; convert the file to mp4");
        }
        AVRational unit = demuxer.stream().time_base();
        return (double) ticks.length * unit.den() / ((double) span * unit.num());
    }

    static boolean isConstant(double[] times, double fps, double tick) {
        // A tick as long as half a frame can't be blamed on rounding.
        double tolerance = Math.max(VideoInfo.toleranceOf(fps), tick < 0.5 / fps ? 1.01 * tick : 0);
        for (int i = 0; i < times.length; i++) {
            if (Math.abs(times[i] - times[0] - i / fps) > tolerance) {
                return false;
            }
        }
        return true;
    }
}
