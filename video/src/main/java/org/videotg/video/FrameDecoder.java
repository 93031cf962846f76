package org.videotg.video;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.videotg.core.io.InputException;

/**
 * Decodes chosen frames of a video in one pass from its start to the last of them. Memory holds a few pictures, however long
 * the video is; only chosen frames are converted to RGB.
 */
public final class FrameDecoder {
    /** Receives the chosen frames in order. */
    @FunctionalInterface
    public interface FrameSink {
        /**
         * @param position in the array of chosen indices
         * @param image upright, of the size that {@link VideoInfo} states; the receiver may keep it
         */
        void frame(int position, RgbImage image);
    }

    /** From this size on a picture's decoding outweighs the cost of sharing it among threads. */
    private static final long LARGE = 1280 * 720;

    private static final int MOST_THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private FrameDecoder() {}

    /** With accurate colours. */
    public static void decode(VideoInfo info, int[] indices, FrameSink sink) {
        decode(info, indices, ColourConversion.ACCURATE, sink);
    }

    /**
     * @param indices frames to decode, counted from 0 in order of presentation; ascending, an index may repeat
     * @throws InputException if the file ends or breaks before the last chosen frame, a chosen one is damaged beyond decoding, or
     *     the file can't be read
     * @throws IllegalArgumentException if the indices don't ascend or leave the video
     */
    public static void decode(VideoInfo info, int[] indices, ColourConversion conversion, FrameSink sink) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < (i == 0 ? 0 : indices[i - 1]) || indices[i] >= info.frames()) {
                throw new IllegalArgumentException("frame " + indices[i] + " at position " + i
                        + ": indices must ascend " + "within [0, " + info.frames() + ")");
            }
        }
        if (indices.length == 0) {
            return;
        }
        try (Demuxer demuxer = new Demuxer(info.path());
                Pass pass = new Pass(demuxer, info, indices, conversion, sink)) {
            int found = pass.run();
            if (found < indices.length) {
                throw new InputException(info.path() + " breaks off: found " + pass.decoded + " of " + info.frames()
                        + " frames, " + found + " of the " + indices.length
                        + " needed; the file is cut off or damaged, fetch it again");
            }
        } catch (FfmpegException e) {
            throw new InputException(
                    info.path() + " can't be decoded as " + info.codec() + " (" + e.getMessage() + ")", e);
        }
    }

    /** The state of one pass over one file. */
    private static final class Pass implements AutoCloseable {
        private final Demuxer demuxer;
        private final VideoInfo info;
        private final int[] indices;
        private final ColourConversion conversion;
        private final FrameSink sink;
        private AVCodecContext codec;
        private AVPacket packet;
        private AVFrame frame;
        private RgbConverter converter;
        private final FrameOrder order = new FrameOrder();
        private int decoded;
        private int position;

        Pass(Demuxer demuxer, VideoInfo info, int[] indices, ColourConversion conversion, FrameSink sink)
                throws FfmpegException {
            this.demuxer = demuxer;
            this.info = info;
            this.indices = indices;
            this.conversion = conversion;
            this.sink = sink;
            try {
                open();
            } catch (FfmpegException | RuntimeException e) {
                close();
                throw e;
            }
        }

        private void open() throws FfmpegException {
            AVCodec decoder = Ffmpeg.present(
                    avcodec.avcodec_find_decoder(demuxer.stream().codecpar().codec_id()), "find a decoder");
            codec = Ffmpeg.present(avcodec.avcodec_alloc_context3(decoder), "allocate the decoder");
            Ffmpeg.check(
                    avcodec.avcodec_parameters_to_context(
                            codec, demuxer.stream().codecpar()),
                    "set up the decoder");
            codec.pkt_timebase(demuxer.stream().time_base());
            codec.thread_count((long) info.width() * info.height() < LARGE ? 1 : MOST_THREADS);
            Ffmpeg.check(avcodec.avcodec_open2(codec, decoder, (AVDictionary) null), "open the decoder");
            packet = Ffmpeg.present(avcodec.av_packet_alloc(), "allocate a packet");
            frame = Ffmpeg.present(avutil.av_frame_alloc(), "allocate a picture");
            boolean swapped = info.rotation() % 180 != 0;
            converter = new RgbConverter(
                    swapped ? info.height() : info.width(), swapped ? info.width() : info.height(), conversion);
        }

        /** @return how many of the chosen frames were handed on */
        int run() throws FfmpegException {
            while (position < indices.length && demuxer.read(packet)) {
                // A damaged packet costs its own frame only, and matters only if that was chosen.
                order.sent(packet);
                int code = avcodec.avcodec_send_packet(codec, packet);
                avcodec.av_packet_unref(packet);
                if (code == avutil.AVERROR_ENOMEM()) {
                    throw new FfmpegException("decode", code);
                }
                receive();
            }
            if (position < indices.length) {
                avcodec.avcodec_send_packet(codec, null);
                receive();
            }
            return position;
        }

        private void receive() throws FfmpegException {
            while (position < indices.length) {
                int code = avcodec.avcodec_receive_frame(codec, frame);
                if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                    return;
                }
                if (code == avutil.AVERROR_ENOMEM()) {
                    throw new FfmpegException("decode", code);
                }
                if (code >= 0) {
                    int index = order.place(frame);
                    decoded++;
                    if (index > indices[position]) {
                        throw new InputException(info.path() + ": frame " + indices[position] + " of " + info.frames()
                                + ", which is "
                                + "needed, can't be decoded; the file is damaged there, fetch it again");
                    }
                    if (index == indices[position]) {
                        handOn(index);
                    }
                    avutil.av_frame_unref(frame);
                }
            }
        }

        private void handOn(int index) throws FfmpegException {
            RgbImage image = converter.convert(frame).rotated(info.rotation());
            while (position < indices.length && indices[position] == index) {
                sink.frame(position++, image);
            }
        }

        @Override
        public void close() {
            if (converter != null) {
                converter.close();
                converter = null;
            }
            if (frame != null) {
                avutil.av_frame_free(frame);
                frame = null;
            }
            if (packet != null) {
                avcodec.av_packet_free(packet);
                packet = null;
            }
            if (codec != null) {
                avcodec.avcodec_free_context(codec);
                codec = null;
            }
        }
    }
}
