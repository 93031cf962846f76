package org.videotg.video;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.videotg.core.io.Limit;

/** The decoder of a file's video stream: packets in order of decoding become pictures in order of presentation. */
final class PictureDecoder implements AutoCloseable {
    /** Whether decoded pictures are looked at, or only counted, which need not restore them completely. */
    enum Use {
        SHOW,
        COUNT
    }

    /** Pixels from which on decoding a picture is worth several threads. */
    private static final long LARGE = 1280 * 720;

    /** Far more pictures and errors than one packet, or the end of a stream, brings about. */
    private static final int MOST_AFTER_PACKET = 1000;

    private static final int MOST_THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private AVCodecContext codec;
    private AVFrame frame;
    private int damaged;
    private int received;

    PictureDecoder(Demuxer demuxer, Use use) throws Ffmpeg.Failure {
        try {
            AVCodec decoder = demuxer.decoder();
            codec = Ffmpeg.present(avcodec.avcodec_alloc_context3(decoder), "allocate the decoder");
            Ffmpeg.check(
                    avcodec.avcodec_parameters_to_context(
                            codec, demuxer.stream().codecpar()),
                    "set up the decoder");
            // Later pictures can be larger than the first.
            codec.max_pixels(Limit.PICTURE_PIXELS.value());
            codec.pkt_timebase(demuxer.stream().time_base());
            codec.thread_count((long) codec.width() * codec.height() < LARGE ? 1 : MOST_THREADS);
            if (use == Use.COUNT) {
                codec.skip_loop_filter(avcodec.AVDISCARD_ALL);
            }
            Ffmpeg.check(avcodec.avcodec_open2(codec, decoder, (AVDictionary) null), "open the decoder");
            frame = Ffmpeg.present(avutil.av_frame_alloc(), "allocate a picture");
        } catch (Ffmpeg.Failure | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Passes a packet on, or the end of the stream as null. Every picture must have been received before. */
    void send(AVPacket packet) throws Ffmpeg.Failure {
        received = 0;
        note(avcodec.avcodec_send_packet(codec, packet));
    }

    /** Returns the next picture, which is valid until the next call, or null if that needs another packet. */
    AVFrame receive() throws Ffmpeg.Failure {
        while (received++ < MOST_AFTER_PACKET) {
            int code = avcodec.avcodec_receive_frame(codec, frame);
            if (code >= 0) {
                return frame;
            }
            if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                return null;
            }
            note(code);
        }
        throw new Ffmpeg.Failure("decode without end", avutil.AVERROR_INVALIDDATA());
    }

    private void note(int code) throws Ffmpeg.Failure {
        if (code == avutil.AVERROR_ENOMEM()) {
            throw new Ffmpeg.Failure("decode", code);
        }
        damaged += code < 0 ? 1 : 0;
    }

    /** Number of packets and pictures so far that the decoder refused. */
    int damaged() {
        return damaged;
    }

    @Override
    public void close() {
        if (frame != null) {
            avutil.av_frame_free(frame);
            frame = null;
        }
        if (codec != null) {
            avcodec.avcodec_free_context(codec);
            codec = null;
        }
    }
}
