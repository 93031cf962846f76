package org.videotg.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;

/**
 * Encodes a video file with a single stream of pictures and the caller's timestamps: yuv420p, or RGB with FFV1, which
 * loses nothing. It uses one thread and writes neither versions nor dates, so that the same frames give the same bytes.
 */
final class VideoEncoder implements AutoCloseable {
    private static final String FFV1 = "ffv1";
    private static final int MOST_DENOMINATOR = 1_000_000;
    /** Of the silence, in samples a second. */
    private static final int SOUND_RATE = 16_000;

    private static final int SAMPLE_BYTES = 2;

    /**
     * @param width pixels, even for yuv420p
     * @param height pixels, even for yuv420p
     * @param ticks time base: ticks in a second
     * @param fps nominal frames per second
     * @param qp constant quantiser of H.264, 1 (finest) to 51
     * @param container the file format's name in FFmpeg
     * @param encoder the encoder's name in FFmpeg
     * @param bFrames most consecutive frames that may be coded out of order
     */
    record Settings(
            int width, int height, int ticks, double fps, int qp, String container, String encoder, int bFrames) {
        static Settings h264(int width, int height, int fps, int qp) {
            return new Settings(width, height, fps, fps, qp, "mp4", "libopenh264", 0);
        }

        /** FFV1 in Matroska, with times in milliseconds; every frame stands by itself. */
        static Settings lossless(int width, int height, double fps) {
            return new Settings(width, height, 1000, fps, 1, "matroska", FFV1, 0);
        }

        boolean isRgb() {
            return encoder.equals(FFV1);
        }

        int framesBetweenKeys() {
            return isRgb() ? 1 : (int) Math.ceil(2 * fps);
        }

        int pixelFormat() {
            return isRgb() ? avutil.AV_PIX_FMT_BGR0 : avutil.AV_PIX_FMT_YUV420P;
        }
    }

    private final Settings settings;
    private AVFormatContext format;
    private AVIOContext output;
    private AVCodecContext codec;
    private AVStream stream;
    private AVFrame rgb;
    private AVFrame encoded;
    private AVPacket packet;
    private AVPacket kept;
    private SwsContext scaler;

    VideoEncoder(Path file, Settings settings) throws IOException {
        this(file, settings, false);
    }

    /** @param silence whether there is a sound track, of a tenth of a second of silence */
    VideoEncoder(Path file, Settings settings, boolean silence) throws IOException {
        Ffmpeg.quiet();
        this.settings = settings;
        try {
            openCodec();
            openFile(file, silence);
            openPictures();
            if (silence) {
                addSilence();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void openCodec() throws IOException {
        AVCodec encoder =
                Ffmpeg.present(avcodec.avcodec_find_encoder_by_name(settings.encoder()), "find " + settings.encoder());
        codec = Ffmpeg.present(avcodec.avcodec_alloc_context3(encoder), "allocate the encoder");
        codec.width(settings.width()).height(settings.height()).pix_fmt(settings.pixelFormat());
        codec.time_base().num(1).den(settings.ticks());
        codec.framerate(avutil.av_d2q(settings.fps(), MOST_DENOMINATOR));
        codec.gop_size(settings.framesBetweenKeys())
                .max_b_frames(settings.bFrames())
                .thread_count(1);
        codec.qmin(settings.qp()).qmax(settings.qp());
        if (settings.isRgb()) {
            codec.colorspace(avutil.AVCOL_SPC_RGB).color_range(avutil.AVCOL_RANGE_JPEG);
        } else {
            // BT.601, limited range, which decoders assume for small untagged pictures: readers that ignore tags see
            // the same colours.
            codec.colorspace(avutil.AVCOL_SPC_SMPTE170M)
                    .color_primaries(avutil.AVCOL_PRI_SMPTE170M)
                    .color_trc(avutil.AVCOL_TRC_SMPTE170M)
                    .color_range(avutil.AVCOL_RANGE_MPEG);
        }
        codec.flags(codec.flags() | avcodec.AV_CODEC_FLAG_BITEXACT | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
        try (AVDictionary options = new AVDictionary(null)) {
            if (settings.encoder().equals("libopenh264")) {
                avutil.av_dict_set(options, "rc_mode", "quality", 0);
            }
            int code = avcodec.avcodec_open2(codec, encoder, options);
            avutil.av_dict_free(options);
            Ffmpeg.check(code, "open " + settings.encoder() + " at " + settings.width() + "x" + settings.height());
        }
    }

    private void openFile(Path file, boolean silence) throws IOException {
        format = new AVFormatContext(null);
        Ffmpeg.check(
                avformat.avformat_alloc_output_context2(format, null, settings.container(), null),
                "prepare " + settings.container());
        format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
        stream = Ffmpeg.present(avformat.avformat_new_stream(format, null), "add a stream");
        stream.time_base().num(1).den(settings.ticks());
        stream.avg_frame_rate(codec.framerate());
        Ffmpeg.check(avcodec.avcodec_parameters_from_context(stream.codecpar(), codec), "describe the stream");
        if (silence) {
            describeSilence();
        }
        output = new AVIOContext(null);
        try (BytePointer name = new BytePointer("file:" + file.toAbsolutePath(), StandardCharsets.UTF_8)) {
            Ffmpeg.check(avformat.avio_open(output, name, avformat.AVIO_FLAG_WRITE), "open the file");
        }
        format.pb(output);
        Ffmpeg.check(avformat.avformat_write_header(format, (AVDictionary) null), "write the header");
    }

    private void describeSilence() throws IOException {
        AVStream sound = Ffmpeg.present(avformat.avformat_new_stream(format, null), "add a sound track");
        sound.time_base().num(1).den(SOUND_RATE);
        sound.codecpar()
                .codec_type(avutil.AVMEDIA_TYPE_AUDIO)
                .codec_id(avcodec.AV_CODEC_ID_PCM_S16LE)
                .format(avutil.AV_SAMPLE_FMT_S16)
                .sample_rate(SOUND_RATE)
                .bits_per_coded_sample(8 * SAMPLE_BYTES)
                .block_align(SAMPLE_BYTES);
        avutil.av_channel_layout_default(sound.codecpar().ch_layout(), 1);
    }

    private void addSilence() throws IOException {
        AVStream sound = format.streams(1);
        int samples = SOUND_RATE / 10;
        Ffmpeg.check(avcodec.av_new_packet(packet, samples * SAMPLE_BYTES), "allocate a packet");
        packet.data().capacity((long) samples * SAMPLE_BYTES).zero();
        packet.stream_index(sound.index()).pts(0).dts(0).duration(samples);
        AVRational rate = new AVRational().num(1).den(SOUND_RATE);
        avcodec.av_packet_rescale_ts(packet, rate, sound.time_base());
        Ffmpeg.check(avformat.av_interleaved_write_frame(format, packet), "write");
    }

    private void openPictures() throws IOException {
        rgb = picture(avutil.AV_PIX_FMT_RGB24);
        encoded = picture(settings.pixelFormat());
        packet = Ffmpeg.present(avcodec.av_packet_alloc(), "allocate a packet");
        int flags = swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INP | swscale.SWS_BITEXACT;
        scaler = Ffmpeg.present(
                swscale.sws_getContext(
                        settings.width(),
                        settings.height(),
                        avutil.AV_PIX_FMT_RGB24,
                        settings.width(),
                        settings.height(),
                        settings.pixelFormat(),
                        flags,
                        null,
                        null,
                        (DoublePointer) null),
                "prepare the colour conversion");
    }

    private AVFrame picture(int pixelFormat) throws IOException {
        AVFrame frame = Ffmpeg.present(avutil.av_frame_alloc(), "allocate a picture");
        frame.width(settings.width()).height(settings.height()).format(pixelFormat);
        int code = avutil.av_frame_get_buffer(frame, 0);
        if (code < 0) {
            avutil.av_frame_free(frame);
        }
        Ffmpeg.check(code, "allocate a picture");
        return frame;
    }

    /**
     * Encodes the next frame.
     *
     * @param pixels RGB24 rows from the top, no padding: {@code height * width * 3} bytes
     * @param timestamp in ticks, ascending
     */
    void add(byte[] pixels, long timestamp) throws IOException {
        encode(pixels, timestamp);
        drain(false);
    }

    /** Encodes the next frame, which {@link #again} can show once more; only without loss. */
    void addKept(byte[] pixels, long timestamp) throws IOException {
        encode(pixels, timestamp);
        drain(true);
    }

    /** Shows the kept frame once more, without encoding it again. */
    void again(long timestamp) throws IOException {
        Ffmpeg.check(avcodec.av_packet_ref(packet, kept), "repeat a packet");
        packet.pts(timestamp).dts(timestamp);
        write();
    }

    private void encode(byte[] pixels, long timestamp) throws IOException {
        int row = settings.width() * 3;
        int stride = rgb.linesize(0);
        ByteBuffer plane =
                rgb.data(0).capacity((long) stride * settings.height()).asByteBuffer();
        for (int y = 0; y < settings.height(); y++) {
            plane.put(y * stride, pixels, y * row, row);
        }
        // The encoder may still use the buffer of the previous frame.
        Ffmpeg.check(avutil.av_frame_make_writable(encoded), "reuse a picture");
        Ffmpeg.check(
                swscale.sws_scale(
                        scaler, rgb.data(), rgb.linesize(), 0, settings.height(), encoded.data(), encoded.linesize()),
                "convert colours");
        encoded.pts(timestamp);
        Ffmpeg.check(avcodec.avcodec_send_frame(codec, encoded), "encode");
    }

    /** Writes pending packets and the file's index. */
    void finish() throws IOException {
        Ffmpeg.check(avcodec.avcodec_send_frame(codec, null), "finish encoding");
        drain(false);
        Ffmpeg.check(avformat.av_write_trailer(format), "write the index");
        Ffmpeg.check(avformat.avio_closep(output), "close the file");
    }

    private void drain(boolean keep) throws IOException {
        while (true) {
            int code = avcodec.avcodec_receive_packet(codec, packet);
            if (code == avutil.AVERROR_EAGAIN() || code == avutil.AVERROR_EOF()) {
                return;
            }
            Ffmpeg.check(code, "encode");
            if (keep) {
                kept = Ffmpeg.present(avcodec.av_packet_clone(packet), "keep a packet");
            }
            write();
        }
    }

    private void write() throws IOException {
        packet.stream_index(stream.index());
        packet.duration(Math.max(1, (long) (settings.ticks() / settings.fps())));
        avcodec.av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
        Ffmpeg.check(avformat.av_interleaved_write_frame(format, packet), "write");
    }

    @Override
    public void close() {
        if (scaler != null) {
            swscale.sws_freeContext(scaler);
            scaler = null;
        }
        if (packet != null) {
            avcodec.av_packet_free(packet);
            packet = null;
        }
        if (kept != null) {
            avcodec.av_packet_free(kept);
            kept = null;
        }
        if (rgb != null) {
            avutil.av_frame_free(rgb);
            rgb = null;
        }
        if (encoded != null) {
            avutil.av_frame_free(encoded);
            encoded = null;
        }
        if (codec != null) {
            avcodec.avcodec_free_context(codec);
            codec = null;
        }
        if (output != null) {
            avformat.avio_closep(output);
            output = null;
        }
        if (format != null) {
            avformat.avformat_free_context(format);
            format = null;
        }
    }
}
