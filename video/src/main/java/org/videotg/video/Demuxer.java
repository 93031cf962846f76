package org.videotg.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Limit;

/** An open video file, read packet by packet; only its best video stream is read. */
final class Demuxer implements AutoCloseable {
    /** Bytes in which the header of a picture of MPEG-4 is looked for. */
    private static final int LONGEST_HEADER = 512;

    // NAL units of H.264: bits of their first byte, and types.
    private static final int UNIT_TYPE = 0x1F;
    private static final int UNIT_REFERENCE = 0x60;
    private static final int SLICE = 1;
    private static final int IDR_SLICE = 5;
    private static final int SUPPLEMENT = 6;
    private static final int SEQUENCE_PARAMETERS = 7;
    private static final int PICTURE_PARAMETERS = 8;
    private static final int DELIMITER = 9;
    private static final int FILLER = 12;
    private static final int SEQUENCE_EXTENSION = 13;
    private static final int SUBSET_PARAMETERS = 15;

    private final Path path;
    private final long bytes;
    private AVFormatContext format;
    private AVStream stream;
    // Asked for every packet, and so read from native memory once.
    private String container;
    private int index;
    private int codec;
    private boolean progressive;
    private boolean clockMayJump;
    private boolean torn;

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
        container = containerName();
        clockMayJump = (format.iformat().flags() & avformat.AVFMT_TS_DISCONT) != 0;
        if (!isMov()) {
            // As PyAV does: a container may leave times out that follow from those of the packets around.
            format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_GENPTS);
        }
        code = avformat.avformat_find_stream_info(format, (AVDictionary) null);
        if (code < 0) {
            throw new InputException(
                    path + " holds no readable stream (" + Ffmpeg.message(code) + "); give a video file");
        }
        int best = avformat.av_find_best_stream(format, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        index = IntStream.concat(IntStream.of(best), IntStream.range(0, format.nb_streams()))
                .filter(this::hasPictures)
                .findFirst()
                .orElseThrow(() ->
                        new InputException(path + " holds no video stream (" + container + ", " + format.nb_streams()
                                + " other stream" + (format.nb_streams() == 1 ? "" : "s")
                                + "); give a file with pictures"));
        stream = format.streams(index);
        Limit.PICTURE_PIXELS.check(
                (long) stream.codecpar().width() * stream.codecpar().height(), path.toString());
        codec = stream.codecpar().codec_id();
        progressive = stream.codecpar().field_order() == avcodec.AV_FIELD_PROGRESSIVE;
        for (int i = 0; i < format.nb_streams(); i++) {
            if (i != index) {
                format.streams(i).discard(avcodec.AVDISCARD_ALL);
            }
        }
    }

    /** Whether a stream is video, and no cover picture. */
    private boolean hasPictures(int index) {
        return index >= 0
                && format.streams(index).codecpar().codec_type() == avutil.AVMEDIA_TYPE_VIDEO
                && (format.streams(index).disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) == 0;
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
     * Start of the presentation on the stream's clock, in seconds: 0 in an mp4 file with an edit list, which refers to
     * it; else the first timestamp of any stream, since the clocks of other containers and of fragments that were cut
     * from a longer stream may start anywhere.
     */
    double presentationStart() {
        boolean zero = format.start_time() == avutil.AV_NOPTS_VALUE
                || (isMov() && (format.start_time() == 0 || MovieBoxes.editsWholeMovie(path)));
        return zero ? 0 : format.start_time() / (double) avutil.AV_TIME_BASE;
    }

    /** Whether the clock of this kind of container may jump where streams were put one behind the other. */
    boolean clockMayJump() {
        return clockMayJump;
    }

    /** Whether the file states when pictures are decoded, not when they are shown. */
    boolean statesDecodingTimes() {
        return container.equals("avi");
    }

    /**
     * Whether pictures of MPEG-4 are not shown in order of decoding, so that a file which says so states wrong times.
     */
    boolean mustReorder() {
        return codec == avcodec.AV_CODEC_ID_MPEG4 && stream.codecpar().video_delay() > 0;
    }

    /** Whether the file is a stream without a container, whose times FFmpeg makes up. */
    boolean isRawStream() {
        return (format.iformat().flags() & avformat.AVFMT_NOTIMESTAMPS) != 0;
    }

    Orientation orientation() {
        AVPacketSideData matrix = avcodec.av_packet_side_data_get(
                stream.codecpar().coded_side_data(),
                stream.codecpar().nb_coded_side_data(),
                avcodec.AV_PKT_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.isNull() || matrix.size() < 9 * Integer.BYTES) {
            return Orientation.UPRIGHT;
        }
        IntPointer values = new IntPointer(matrix.data());
        return Orientation.of(values.get(0), values.get(1), values.get(3), values.get(4));
    }

    /** Width of a stored picture's pixel divided by its height. */
    double pixelAspect() {
        AVRational aspect = avformat.av_guess_sample_aspect_ratio(format, stream, null);
        return aspect.num() > 0 && aspect.den() > 0 ? avutil.av_q2d(aspect) : 1;
    }

    /**
     * Counts the frames that the file's index places beyond the end of the file.
     *
     * @return 0 for a whole file, one without an index, and one in fragments, whose length nothing states
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
        return cut > 0 && MovieBoxes.isInFragments(path) ? 0 : cut;
    }

    /** Whether the packet read last is cut off, as at the end of a recording that was never finished. */
    boolean isTorn() {
        return torn;
    }

    /**
     * Reads the video stream's next packet; the caller unreferences it.
     *
     * @return false at the end, or where the file breaks off
     */
    boolean read(AVPacket packet) {
        while (avformat.av_read_frame(format, packet) >= 0) {
            if (packet.stream_index() != index) {
                avcodec.av_packet_unref(packet);
                continue;
            }
            torn = isCorrupt(packet);
            if (!torn || !isMov()) {
                return true;
            }
            // In mp4: a packet that the end of the file cuts off.
            avcodec.av_packet_unref(packet);
            return false;
        }
        return false;
    }

    private static boolean isCorrupt(AVPacket packet) {
        return (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0;
    }

    /**
     * Returns how many pictures a packet shows, where the container and the packet's first bytes tell.
     *
     * @return -1 if only decoding can tell
     */
    int pictures(AVPacket packet) {
        int size = packet.size();
        if (isCorrupt(packet)) {
            return -1;
        }
        if (size == 0 || (packet.flags() & avcodec.AV_PKT_FLAG_DISCARD) != 0) {
            return 0;
        }
        return switch (codec) {
            case avcodec.AV_CODEC_ID_H264 ->
                // Without fields, which may be half a picture each, a packet is a picture.
                progressive ? 1 : -1;
            case avcodec.AV_CODEC_ID_VP8 -> packet.data().get() >> 4 & 1;
            case avcodec.AV_CODEC_ID_VP9 -> vp9Pictures(packet.data(), size);
            // What is that short repeats a picture, or stands for one that came in another packet.
            case avcodec.AV_CODEC_ID_MPEG4 -> size > 20 ? 1 : -1;
            // The parser for these containers joins fields.
            case avcodec.AV_CODEC_ID_MPEG1VIDEO, avcodec.AV_CODEC_ID_MPEG2VIDEO -> clockMayJump() ? 1 : -1;
            case avcodec.AV_CODEC_ID_HEVC,
                    avcodec.AV_CODEC_ID_AV1,
                    avcodec.AV_CODEC_ID_MJPEG,
                    avcodec.AV_CODEC_ID_PNG,
                    avcodec.AV_CODEC_ID_GIF,
                    avcodec.AV_CODEC_ID_PRORES,
                    avcodec.AV_CODEC_ID_DNXHD,
                    avcodec.AV_CODEC_ID_FFV1,
                    avcodec.AV_CODEC_ID_HUFFYUV,
                    avcodec.AV_CODEC_ID_FFVHUFF,
                    avcodec.AV_CODEC_ID_UTVIDEO,
                    avcodec.AV_CODEC_ID_DVVIDEO,
                    avcodec.AV_CODEC_ID_RAWVIDEO -> 1;
            default -> -1;
        };
    }

    /**
     * Whether the first bytes of a packet tell that it can be decoded without earlier ones, and all that are shown after
     * it too: of MPEG-4, and of H.264 in an mp4 or mkv file.
     */
    boolean isIntra(AVPacket packet) {
        return codec == avcodec.AV_CODEC_ID_MPEG4 ? isIntraVop(packet) : isIdr(packet);
    }

    /** Whether the first picture's header, after those of the sequence and the group, says that it is an I-VOP. */
    private static boolean isIntraVop(AVPacket packet) {
        BytePointer data = packet.data();
        int last = Math.min(packet.size(), LONGEST_HEADER) - 5;
        for (int at = 0; at <= last; at++) {
            if (data.get(at) == 0
                    && data.get(at + 1) == 0
                    && data.get(at + 2) == 1
                    && data.get(at + 3) == (byte) 0xB6) {
                return (data.get(at + 4) & 0xC0) == 0;
            }
        }
        return false;
    }

    private boolean isIdr(AVPacket packet) {
        return units(packet)
                        .map(unit -> unit & UNIT_TYPE)
                        .filter(type -> type >= SLICE && type <= IDR_SLICE)
                        .findFirst()
                        .orElse(0)
                == IDR_SLICE;
    }

    /**
     * Whether the packet starts anew: no picture in it or after it is predicted from an earlier one, and all that were
     * before it are shown before. Of H.264 in an mp4 or mkv file, and of VP8 and VP9.
     */
    boolean isRestart(AVPacket packet) {
        if (packet.pts() == avutil.AV_NOPTS_VALUE || packet.size() == 0) {
            return false;
        }
        return switch (codec) {
            case avcodec.AV_CODEC_ID_H264 -> isIdr(packet);
            case avcodec.AV_CODEC_ID_VP8 -> (packet.data().get() & 1) == 0;
            case avcodec.AV_CODEC_ID_VP9 -> isVp9Key(packet.data().get());
            default -> false;
        };
    }

    /** Whether a frame of VP9 with this first byte is a key frame, and not one that shows an earlier frame. */
    private static boolean isVp9Key(byte first) {
        return (vp9Header(first) & 0x0C) == 0;
    }

    /**
     * Whether the packet holds a picture that no other one is predicted from, and nothing else that is decoded: of H.264
     * in an mp4 or mkv file.
     */
    boolean isDisposable(AVPacket packet) {
        boolean picture = false;
        for (int unit : units(packet).toArray()) {
            int type = unit & UNIT_TYPE;
            if (type == SLICE && (unit & UNIT_REFERENCE) == 0) {
                picture = true;
            } else if (type != SUPPLEMENT && type != DELIMITER && type != FILLER) {
                return false;
            }
        }
        return picture;
    }

    /**
     * Whether the packet brings what later ones are decoded with, whatever becomes of its own picture: parameter sets of
     * H.264, or a new header of the stream.
     */
    boolean setsParameters(AVPacket packet) {
        return packet.side_data_elems() > 0
                || units(packet)
                        .map(unit -> unit & UNIT_TYPE)
                        .anyMatch(type -> type == SEQUENCE_PARAMETERS
                                || type == PICTURE_PARAMETERS
                                || type == SEQUENCE_EXTENSION
                                || type == SUBSET_PARAMETERS);
    }

    /** Returns the first bytes of the NAL units of a packet of H.264 in an mp4 or mkv file; else none. */
    private IntStream units(AVPacket packet) {
        BytePointer header = stream.codecpar().extradata();
        if (codec != avcodec.AV_CODEC_ID_H264 || header == null || header.get(0) != 1) {
            return IntStream.empty();
        }
        BytePointer data = packet.data();
        int bytes = (header.get(4) & 3) + 1;
        IntStream.Builder units = IntStream.builder();
        long at = 0;
        while (at + bytes < packet.size()) {
            units.add(data.get(at + bytes) & 0xFF);
            long length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | (data.get(at + i) & 0xFF);
            }
            at += bytes + length;
        }
        return units.build();
    }

    /** A packet of VP9 may be a superframe: several frames with an index of their sizes at its end. */
    static int vp9Pictures(BytePointer data, int size) {
        int last = data.get(size - 1) & 0xFF;
        int bytes = (last >> 3 & 3) + 1;
        int frames = (last & 7) + 1;
        int index = size - 2 - bytes * frames;
        if ((last & 0xE0) != 0xC0 || index < 0 || (data.get(index) & 0xFF) != last) {
            return vp9Shows(data.get(0));
        }
        int shown = 0;
        // The sizes may be of any value up to 2^32.
        long at = 0;
        for (int frame = 0; frame < frames && at < index; frame++) {
            shown += vp9Shows(data.get(at));
            for (int i = 0; i < bytes; i++) {
                at += (data.get(index + 1 + frame * bytes + i) & 0xFFL) << (8 * i);
            }
        }
        return shown;
    }

    /** 1 if a frame of VP9 with this first byte shows itself or an earlier one, else 0. */
    private static int vp9Shows(byte first) {
        int header = vp9Header(first);
        return (header & 0x08) != 0 || (header & 0x02) != 0 ? 1 : 0;
    }

    /** The first byte of a frame of VP9 with its bits where profiles 0 to 2 have them; in profile 3 one precedes them. */
    private static int vp9Header(byte first) {
        return (first & 0x30) == 0x30 ? first << 1 : first;
    }

    private boolean isMov() {
        return container.startsWith("mov,");
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
