package org.videotg.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.videotg.core.io.InputException;

/** An open video file, read packet by packet; only its best video stream is read. */
final class Demuxer implements AutoCloseable {
    private final Path path;
    private final long bytes;
    private AVFormatContext format;
    private AVStream stream;

    /** @throws InputException if the file can't be read, is no video file or holds no video stream */
    Demuxer(Path path) {
        Ffmpeg.quiet();
        this.path = path;
        this.bytes = sizeOf(path);
        try {
            open();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static long sizeOf(Path path) {
        if (!Files.exists(path)) {
            throw new InputException(path + " does not exist; check the path of the video");
        }
        if (Files.isDirectory(path)) {
            throw new InputException(path + " is a folder; give a video file");
        }
        if (!Files.isReadable(path)) {
            throw new InputException(path + " can't be read; check its permissions");
        }
        try {
            long size = Files.size(path);
            if (size == 0) {
                throw new InputException(path + " is empty; give a video file");
            }
            return size;
        } catch (IOException e) {
            throw new InputException("can't read " + path + ": " + e.getClass().getSimpleName(), e);
        }
    }

    private void open() {
        AVFormatContext opened = new AVFormatContext(null);
        int code;
        try (BytePointer name = new BytePointer("file:" + path.toAbsolutePath(), StandardCharsets.UTF_8);
                AVDictionary options = new AVDictionary(null)) {
            avutil.av_dict_set(options, "protocol_whitelist", "file", 0);
            avutil.av_dict_set(options, "format_whitelist", Ffmpeg.CONTAINERS, 0);
            avutil.av_dict_set(options, "codec_whitelist", Ffmpeg.CODECS, 0);
            code = avformat.avformat_open_input(opened, name, null, options);
            avutil.av_dict_free(options);
        }
        if (code == avutil.AVERROR_EINVAL()) {
            throw new InputException(path
                    + " is not a video file, or of a container that is not read (docs/videos.md); convert it to mp4");
        }
        if (code < 0) {
            throw new InputException(path + " is not a video that FFmpeg can read (" + Ffmpeg.message(code)
                    + "); it may be cut off or of another type");
        }
        format = opened;
        code = avformat.avformat_find_stream_info(format, (AVDictionary) null);
        if (code < 0) {
            throw new InputException(
                    path + " holds no readable stream (" + Ffmpeg.message(code) + "); give a video file");
        }
        int index = avformat.av_find_best_stream(format, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (index < 0 || (format.streams(index).disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) != 0) {
            throw new InputException(path + " holds no video stream (" + containerName() + ", " + format.nb_streams()
                    + " other stream" + (format.nb_streams() == 1 ? "" : "s") + "); give a file with pictures");
        }
        stream = format.streams(index);
        for (int i = 0; i < format.nb_streams(); i++) {
            if (i != index) {
                format.streams(i).discard(avcodec.AVDISCARD_ALL);
            }
        }
    }

    Path path() {
        return path;
    }

    AVStream stream() {
        return stream;
    }

    String codecName() {
        try (BytePointer name = avcodec.avcodec_get_name(stream.codecpar().codec_id())) {
            return name.getString();
        }
    }

    /**
     * Returns the decoder of the video stream.
     *
     * @throws InputException if there is none, or one that may not be used
     */
    AVCodec decoder() {
        AVCodec decoder = avcodec.avcodec_find_decoder(stream.codecpar().codec_id());
        if (decoder == null || !Ffmpeg.PICTURES.contains(decoder.name().getString())) {
            throw new InputException(path + ": its video codec (" + codecName() + ", tag "
                    + fourcc(stream.codecpar().codec_tag()) + ") can't be decoded; convert the file to H.264");
        }
        return decoder;
    }

    private static String fourcc(int tag) {
        StringBuilder text = new StringBuilder();
        for (int shift = 0; shift < 32; shift += 8) {
            int c = tag >> shift & 0xFF;
            text.append(c > 32 && c < 127 ? (char) c : '.');
        }
        return text.toString();
    }

    /** Length of a tick of the stream's time base in seconds. */
    double tick() {
        return avutil.av_q2d(stream.time_base());
    }

    /**
     * Start of the presentation on the stream's clock, in seconds: 0 in mp4, whose edit lists refer to it; else the
     * first timestamp of any stream, since the clocks of other containers may start anywhere.
     */
    double presentationStart() {
        boolean zero = isMov() || format.start_time() == avutil.AV_NOPTS_VALUE;
        return zero ? 0 : format.start_time() / (double) avutil.AV_TIME_BASE;
    }

    /** Degrees clockwise by which pictures are turned for display: 0, 90, 180 or 270. */
    int rotation() {
        AVPacketSideData matrix = avcodec.av_packet_side_data_get(
                stream.codecpar().coded_side_data(),
                stream.codecpar().nb_coded_side_data(),
                avcodec.AV_PKT_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.isNull() || matrix.size() < 9 * Integer.BYTES) {
            return 0;
        }
        double counterclockwise = avutil.av_display_rotation_get(new IntPointer(matrix.data()));
        return Double.isNaN(counterclockwise) ? 0 : Math.floorMod(Math.round(-counterclockwise / 90), 4) * 90;
    }

    /**
     * Counts the frames that the file's index places beyond the end of the file.
     *
     * @return 0 for a whole file or one without an index
     */
    int framesCutOff() {
        int cut = 0;
        if (isMov()) {
            int entries = avformat.avformat_index_get_entries_count(stream);
            for (int i = 0; i < entries; i++) {
                AVIndexEntry entry = avformat.avformat_index_get_entry(stream, i);
                boolean shown = (entry.flags() & AVIndexEntry.AVINDEX_DISCARD_FRAME) == 0;
                cut += shown && entry.pos() + entry.size() > bytes ? 1 : 0;
            }
        }
        return cut;
    }

    /**
     * Reads the video stream's next packet; the caller unreferences it.
     *
     * @return false at the end, or where the file breaks off
     */
    boolean read(AVPacket packet) {
        while (avformat.av_read_frame(format, packet) >= 0) {
            if (packet.stream_index() != stream.index()) {
                avcodec.av_packet_unref(packet);
            } else if (isMov() && (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0) {
                // In mp4: a packet that the end of the file cuts off.
                avcodec.av_packet_unref(packet);
                return false;
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean isMov() {
        return containerName().startsWith("mov,");
    }

    private String containerName() {
        AVInputFormat input = format.iformat();
        return input == null || input.name() == null ? "" : input.name().getString();
    }

    @Override
    public void close() {
        if (format != null) {
            avformat.avformat_close_input(format);
            format = null;
        }
    }
}
