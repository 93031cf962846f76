package org.videotg.video;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The pictures that a player shows of a file, in order of presentation.
 *
 * @param ticks times on the stream's clock, in ticks, ascending
 * @param restarts times of those from which on nothing earlier is needed, ascending; empty where packets don't tell
 * @param lastDuration ticks for which the last picture is shown; 0 if the file does not say
 * @param clock what the times are
 * @param counted whether decoding found the pictures
 * @param cut whether packets at the start show no picture, for lack of earlier ones
 * @param notes what was noticed, without the file's name
 */
record Pictures(
        long[] ticks,
        long[] restarts,
        long lastDuration,
        Clock clock,
        boolean counted,
        boolean cut,
        List<String> notes) {
    /** What the times of pictures are. */
    enum Clock {
        PRESENTATION,
        /**
         * Times of decoding, which are early by an unknown delay, so that the start of the first picture is unknown.
         */
        DECODING,
        NONE
    }

    /** A later time than that of the picture before by more than this is a jump of the clock, if it may jump. */
    private static final double LONGEST_PICTURE = 10;

    /** An earlier time by more than this is a jump of the clock, by less a mistake in the file. */
    private static final double DISORDER = 0.5;

    int count() {
        return ticks.length;
    }

    /**
     * Finds the pictures of a file.
     *
     * @param demuxer at its start; it is read to its end
     */
    static Pictures find(Demuxer demuxer) {
        Packets packets = new Packets(demuxer);
        try {
            packets.read();
        } catch (Ffmpeg.Failure e) {
            packets.certain = false;
        }
        if (packets.count == 0 || packets.arePictures()) {
            return packets.pictures();
        }
        try (Demuxer again = new Demuxer(demuxer.path())) {
            return decode(again, packets);
        } catch (Ffmpeg.Failure e) {
            return packets.pictures();
        }
    }

    /** Decodes a whole file. */
    private static Pictures decode(Demuxer demuxer, Packets packets) throws Ffmpeg.Failure {
        Decoded decoded = new Decoded(demuxer);
        AVPacket packet = Ffmpeg.present(avcodec.av_packet_alloc(), "allocate a packet");
        try (PictureDecoder decoder = new PictureDecoder(demuxer, PictureDecoder.Use.COUNT)) {
            while (demuxer.read(packet)) {
                decoder.send(packet);
                avcodec.av_packet_unref(packet);
                decoded.receive(decoder);
            }
            decoder.send(null);
            decoded.receive(decoder);
        } finally {
            avcodec.av_packet_free(packet);
        }
        return decoded.pictures(packets);
    }

    private static boolean jumps(Demuxer demuxer, double seconds) {
        return seconds < -DISORDER || (demuxer.clockMayJump() && seconds > LONGEST_PICTURE);
    }

    private static long[] grown(long[] values, int count) {
        return count < values.length ? values : Arrays.copyOf(values, 2 * count);
    }

    /** The packets of a stream, and the first picture that the decoder makes of them. */
    private static final class Packets {
        private final Demuxer demuxer;
        private final double tick;
        private long[] pts = new long[1024];
        private long[] dts = new long[1024];
        private int count;
        private long[] restarts = new long[16];
        private int restartCount;
        private boolean inOrder = true;
        private long furthest = Long.MIN_VALUE;
        private boolean allPts = true;
        private boolean allDts = true;
        private long latest = Long.MIN_VALUE;
        private long lastDuration;
        private long lastDts = avutil.AV_NOPTS_VALUE;
        private boolean certain = true;
        private long firstPicture = avutil.AV_NOPTS_VALUE;
        private boolean reordered;
        private boolean begun;
        private PictureDecoder decoder;

        Packets(Demuxer demuxer) {
            this.demuxer = demuxer;
            this.tick = demuxer.tick();
        }

        void read() throws Ffmpeg.Failure {
            AVPacket packet = Ffmpeg.present(avcodec.av_packet_alloc(), "allocate a packet");
            try {
                while (demuxer.read(packet)) {
                    add(packet);
                    if (count == 1 && demuxer.isIntra(packet)) {
                        begun = true;
                        firstPicture = packet.pts();
                    }
                    begin(packet);
                    avcodec.av_packet_unref(packet);
                }
                begin(null);
            } finally {
                avcodec.av_packet_free(packet);
                if (decoder != null) {
                    decoder.close();
                }
            }
        }

        private void add(AVPacket packet) {
            int pictures = demuxer.pictures(packet);
            certain &= pictures >= 0 && pictures <= 1;
            addRestart(packet);
            if (pictures == 0) {
                return;
            }
            pts = grown(pts, count);
            dts = grown(dts, count);
            pts[count] = packet.pts();
            dts[count] = packet.dts();
            // Presentation times that FFmpeg derives from others are not certain before it has decoded.
            certain &= !demuxer.statesDecodingTimes() || pts[count] == dts[count];
            reordered |= pts[count] != dts[count];
            allPts &= pts[count] != avutil.AV_NOPTS_VALUE;
            allDts &= dts[count] != avutil.AV_NOPTS_VALUE;
            if (dts[count] != avutil.AV_NOPTS_VALUE) {
                certain &= lastDts == avutil.AV_NOPTS_VALUE
                        || (dts[count] > lastDts && !jumps(demuxer, (dts[count] - lastDts) * tick));
                lastDts = dts[count];
            }
            long shown = allPts ? pts[count] : dts[count];
            if (shown >= latest) {
                latest = shown;
                lastDuration = packet.duration();
            }
            count++;
        }

        /** Notes a restart, and whether the times agree that nothing after it is shown before what comes ahead of it. */
        private void addRestart(AVPacket packet) {
            long time = packet.pts();
            if (demuxer.isRestart(packet)) {
                inOrder &= time >= furthest;
                restarts = grown(restarts, restartCount);
                restarts[restartCount++] = time;
            }
            inOrder &= restartCount == 0 || time >= restarts[restartCount - 1];
            furthest = Math.max(furthest, time);
        }

        /** Decodes until the first picture comes out. */
        private void begin(AVPacket packet) throws Ffmpeg.Failure {
            if (!begun && certain) {
                decoder = decoder == null ? new PictureDecoder(demuxer, PictureDecoder.Use.COUNT) : decoder;
                decoder.send(packet);
                AVFrame frame = decoder.receive();
                begun = frame != null;
                firstPicture = begun ? frame.pts() : avutil.AV_NOPTS_VALUE;
            }
        }

        /**
         * Whether each packet is a picture that is shown: its first bytes say so, and no packet comes before the first
         * picture. Where it is cut in the midst of a group of pictures, those that need earlier ones are not shown.
         */
        boolean arePictures() {
            long[] sorted = ticks();
            return certain
                    && begun
                    && (reordered || !demuxer.mustReorder())
                    && (!allPts || firstPicture == sorted[0])
                    && (allPts || allDts);
        }

        private long[] ticks() {
            long[] ticks = Arrays.copyOf(allPts ? pts : dts, count);
            Arrays.sort(ticks);
            return ticks;
        }

        Pictures pictures() {
            Clock clock = allPts ? Clock.PRESENTATION : allDts ? Clock.DECODING : Clock.NONE;
            long[] starts = allPts && inOrder && arePictures() ? Arrays.copyOf(restarts, restartCount) : new long[0];
            return new Pictures(ticks(), starts, lastDuration, clock, false, false, List.of());
        }

        /** Number of packets that come before a time. */
        long before(long time) {
            return Arrays.stream(pts, 0, count)
                    .filter(t -> t != avutil.AV_NOPTS_VALUE && t < time)
                    .count();
        }
    }

    /** The pictures that a decoder gives. */
    private static final class Decoded {
        private final Demuxer demuxer;
        private final double tick;
        private final List<String> notes = new ArrayList<>();
        private long[] ticks = new long[1024];
        private int count;
        private boolean timed;
        private long first;
        private long last;
        private long shift;
        private long duration;

        Decoded(Demuxer demuxer) {
            this.demuxer = demuxer;
            this.tick = demuxer.tick();
        }

        void receive(PictureDecoder decoder) throws Ffmpeg.Failure {
            for (AVFrame frame = decoder.receive(); frame != null; frame = decoder.receive()) {
                // FFmpeg's choice between the presentation times and those of decoding, where the former don't ascend.
                long time = frame.best_effort_timestamp();
                timed |= time != avutil.AV_NOPTS_VALUE;
                duration = frame.duration() > 0 ? frame.duration() : duration;
                add(time == avutil.AV_NOPTS_VALUE ? last + duration : time);
                count++;
            }
        }

        private void add(long time) {
            ticks = grown(ticks, count);
            if (count == 0) {
                first = time;
                ticks[0] = time;
            } else {
                double step = (time - last) * tick;
                if (jumps(demuxer, step)) {
                    long before = ticks[count - 1];
                    shift = before + (count > 1 ? before - ticks[count - 2] : duration) - time;
                    notes.add(String.format(
                            Locale.ROOT,
                            "its clock jumps at %.2f s, as where streams were put one behind the other; what follows is"
                                    + " taken to come next",
                            (time + shift - first) * tick));
                }
                ticks[count] = Math.max(time + shift, ticks[count - 1]);
            }
            last = time;
        }

        Pictures pictures(Packets packets) {
            long skipped = timed && count > 0 ? packets.before(first) : 0;
            if (skipped > 0) {
                notes.add("its first " + skipped + " packets need pictures that were cut off, so that no player shows"
                        + " them; it begins at the first picture that can be decoded");
            }
            return new Pictures(
                    Arrays.copyOf(ticks, count),
                    new long[0],
                    count > 1 ? ticks[count - 1] - ticks[count - 2] : duration,
                    timed ? Clock.PRESENTATION : Clock.NONE,
                    true,
                    skipped > 0,
                    notes);
        }
    }
}
