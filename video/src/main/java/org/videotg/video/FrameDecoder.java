package org.videotg.video;

import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.videotg.core.io.InputException;

/**
 * Decodes chosen frames of a video in one pass from its start to the last of them. Memory use does not depend on the
 * video's length; only chosen frames are converted to RGB, and what they are not predicted from is not decoded where
 * packets tell ({@link PacketChoice}).
 */
public final class FrameDecoder {
    /** How decoded pictures are converted to RGB. */
    public enum Colours {
        /** With accurate rounding and full chroma: the colours of the standard. */
        ACCURATE(swscale.SWS_BICUBIC
                | swscale.SWS_ACCURATE_RND
                | swscale.SWS_FULL_CHR_H_INT
                | swscale.SWS_FULL_CHR_H_INP
                | swscale.SWS_BITEXACT),
        /**
         * FFmpeg's default, which truncates instead of rounding, so that pictures are about one grey level darker. The
         * decoders that published checkpoints were trained and are used with (PyAV, decord, torchcodec) use it.
         */
        FAST(swscale.SWS_BILINEAR);

        /** For FFmpeg's scaler. */
        final int flags;

        Colours(int flags) {
            this.flags = flags;
        }
    }

    /** Receives the chosen frames in order. */
    @FunctionalInterface
    public interface FrameSink {
        /**
         * @param position in the array of chosen indices
         * @param image upright, of the size that {@link VideoInfo} states; the sink may keep it
         */
        void frame(int position, RgbImage image);
    }

    /** Makes an image of a picture. */
    @FunctionalInterface
    private interface Conversion {
        RgbImage image(AVFrame picture) throws Ffmpeg.Failure;
    }

    private FrameDecoder() {}

    /**
     * Decodes every frame of a video and keeps none.
     *
     * @throws InputException as {@link #decode(VideoInfo, int[], Colours, FrameSink)}
     */
    public static void decodeAll(VideoInfo info) {
        int[] all = IntStream.range(0, info.frames()).toArray();
        if (FrameFolder.is(info.path())) {
            FrameFolder.decode(info, all, (position, image) -> {});
            return;
        }
        try {
            pass(info, all, PictureDecoder.Use.COUNT, picture -> null, (position, image) -> {});
        } catch (Ffmpeg.Failure e) {
            throw failed(info, e);
        }
    }

    /** Decodes with accurate colours. */
    public static void decode(VideoInfo info, int[] indices, FrameSink sink) {
        decode(info, indices, Colours.ACCURATE, sink);
    }

    /**
     * Decodes frames and passes each to the sink.
     *
     * @param indices frames to decode, counted from 0 in order of presentation; ascending, an index may repeat
     * @throws InputException if the file ends or breaks before the last chosen frame, a chosen one is damaged
     *     beyond decoding, or the file can't be read
     * @throws IllegalArgumentException if the indices don't ascend or leave the video
     */
    public static void decode(VideoInfo info, int[] indices, Colours conversion, FrameSink sink) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < (i == 0 ? 0 : indices[i - 1]) || indices[i] >= info.frames()) {
                throw new IllegalArgumentException("frame " + indices[i] + " at position " + i
                        + ": indices must ascend " + "within [0, " + info.frames() + ")");
            }
        }
        if (indices.length == 0) {
            return;
        }
        if (FrameFolder.is(info.path())) {
            FrameFolder.decode(info, indices, sink);
            return;
        }
        boolean swapped = info.orientation().transposed();
        int width = swapped ? info.height() : info.width();
        int height = swapped ? info.width() : info.height();
        try (RgbConverter converter = new RgbConverter(width, height, conversion)) {
            pass(
                    info,
                    indices,
                    PictureDecoder.Use.SHOW,
                    picture -> converter.convert(picture).oriented(info.orientation()),
                    sink);
        } catch (Ffmpeg.Failure e) {
            throw failed(info, e);
        }
    }

    private static InputException failed(VideoInfo info, Ffmpeg.Failure e) {
        return new InputException(
                info.path() + " can't be decoded as " + info.codec() + " (" + e.getMessage() + ")", e);
    }

    private static void pass(
            VideoInfo info, int[] indices, PictureDecoder.Use use, Conversion conversion, FrameSink sink)
            throws Ffmpeg.Failure {
        int position = pass(info, indices, use, new Target(conversion, sink, 0, true));
        if (position >= 0) {
            // The decoder's times are others than those of the packets: nothing may be left out.
            pass(info, indices, use, new Target(conversion, sink, position, false));
        }
    }

    /**
     * What becomes of chosen pictures.
     *
     * @param from the first index that is wanted, counted in the array of chosen indices
     * @param chosenOnly whether pictures that nobody needs are left out
     */
    private record Target(Conversion conversion, FrameSink sink, int from, boolean chosenOnly) {}

    /** Returns where another pass must go on; -1 if there need be none. */
    private static int pass(VideoInfo info, int[] indices, PictureDecoder.Use use, Target target)
            throws Ffmpeg.Failure {
        try (Demuxer demuxer = new Demuxer(info.path());
                Pass pass = new Pass(demuxer, info, indices, target)) {
            pass.open(use);
            int found = pass.run();
            if (pass.isLost()) {
                return found;
            }
            if (found < indices.length) {
                throw new InputException(info.path() + " breaks off: found " + pass.found() + " of " + info.frames()
                        + " frames, " + found + " of the " + indices.length
                        + " needed; the file is cut off or damaged, fetch it again");
            }
            return -1;
        }
    }

    /** One pass over a file. */
    private static final class Pass implements AutoCloseable {
        private final Demuxer demuxer;
        private final VideoInfo info;
        private final int[] indices;
        private final Target target;
        private PictureDecoder decoder;
        private AVPacket packet;
        private final PacketChoice choice;
        private final FrameOrder order = new FrameOrder();
        private int decoded;
        private int leftOut;
        private int position;
        private boolean lost;

        Pass(Demuxer demuxer, VideoInfo info, int[] indices, Target target) {
            this.demuxer = demuxer;
            this.info = info;
            this.indices = indices;
            this.target = target;
            this.position = target.from();
            this.choice = target.chosenOnly()
                    ? PacketChoice.of(VideoFile.open(info.path()).packets(), indices)
                    : PacketChoice.all();
        }

        void open(PictureDecoder.Use use) throws Ffmpeg.Failure {
            decoder = new PictureDecoder(demuxer, use);
            packet = Ffmpeg.present(avcodec.av_packet_alloc(), "allocate a packet");
        }

        /** Returns how many of the chosen frames were passed to the sink. */
        int run() throws Ffmpeg.Failure {
            while (position < indices.length && !isLost() && !choice.isDone() && demuxer.read(packet)) {
                if (!choice.needs(demuxer, packet)) {
                    leftOut++;
                    avcodec.av_packet_unref(packet);
                    continue;
                }
                // A damaged packet loses its own frame only, which matters only if that frame was chosen.
                order.sent(demuxer, packet);
                decoder.send(packet);
                avcodec.av_packet_unref(packet);
                receive();
            }
            if (position < indices.length && !isLost()) {
                decoder.send(null);
                receive();
            }
            return position;
        }

        /** Whether a frame came with a time that no packet had, so that frames must be counted. */
        boolean isLost() {
            return lost;
        }

        /** Returns how many frames there were so far. */
        int found() {
            return decoded + leftOut;
        }

        private void receive() throws Ffmpeg.Failure {
            AVFrame frame;
            while (position < indices.length && (frame = decoder.receive()) != null) {
                int index = index(frame);
                decoded++;
                if (lost) {
                    return;
                }
                if (index > indices[position]) {
                    throw new InputException(info.path() + ": frame " + indices[position] + " of " + info.frames()
                            + ", which is needed, can't be decoded; the file is damaged there, fetch it again");
                }
                if (index == indices[position]) {
                    deliver(frame, index);
                }
            }
        }

        private int index(AVFrame frame) {
            if (choice.isInformed()) {
                int index = choice.index(frame.pts());
                lost |= index < 0;
                return index;
            }
            return info.counted() ? decoded : order.index(frame);
        }

        private void deliver(AVFrame frame, int index) throws Ffmpeg.Failure {
            RgbImage image = target.conversion().image(frame);
            while (position < indices.length && indices[position] == index) {
                target.sink().frame(position++, image);
            }
        }

        @Override
        public void close() {
            if (packet != null) {
                avcodec.av_packet_free(packet);
                packet = null;
            }
            if (decoder != null) {
                decoder.close();
                decoder = null;
            }
        }
    }

    /**
     * The indices of decoded frames in order of presentation. A frame's index is the rank of its packet's time among
     * those of all packets, so a frame lost to a damaged packet does not shift the others. Where times are missing,
     * frames are counted.
     */
    private static final class FrameOrder {
        /** Times of packets not decoded yet. A decoder returns a frame after the packets of all earlier ones. */
        private final PriorityQueue<Long> waiting = new PriorityQueue<>();

        private boolean timed = true;
        private long last = Long.MIN_VALUE;
        private int next;

        /** Registers a packet before it goes to the decoder. */
        void sent(Demuxer demuxer, AVPacket packet) {
            if (demuxer.pictures(packet) > 0) {
                timed &= packet.pts() != avutil.AV_NOPTS_VALUE;
                waiting.add(packet.pts());
            }
        }

        /** Returns the index, from 0, of the frame just decoded; -1 for one that comes after its index was passed. */
        int index(AVFrame frame) {
            long time = frame.pts();
            if (!timed || time == avutil.AV_NOPTS_VALUE) {
                return next++;
            }
            if (time < last) {
                return -1;
            }
            last = time;
            while (!waiting.isEmpty() && waiting.peek() < time) {
                waiting.poll();
                next++;
            }
            if (waiting.isEmpty() || waiting.peek() != time) {
                // The decoder makes up its own times.
                timed = false;
            } else {
                waiting.poll();
            }
            return next++;
        }
    }
}
