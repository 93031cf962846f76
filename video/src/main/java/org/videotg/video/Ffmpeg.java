package org.videotg.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avutil;
import org.videotg.core.run.NativeSettings;

/** Settings and error handling that all uses of FFmpeg share. */
final class Ffmpeg {
    /**
     * Demuxers that may open a file. Those left out read lists of other files (playlists, manifests, image sequences),
     * single pictures, sound or text, or belong to old games.
     */
    static final String CONTAINERS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,rm,mxf,gxf,nut,wtv,"
            + "dv,dhav,ivf,h264,hevc,vvc,av1,obu,m4v,vc1,mjpeg,gif,apng,yuv4mpegpipe";

    /** Decoders that may read pictures. */
    static final Set<String> PICTURES = Set.of(("h264,hevc,vvc,libdav1d,libaom-av1,av1,vp9,vp8,vp7,vp6,vp6f,vp6a,vp5,"
                    + "vp3,theora,mpeg1video,mpeg2video,mpegvideo,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4,wmv1,wmv2,wmv3,vc1,"
                    + "mss1,mss2,h261,h263,h263i,h263p,flv,flashsv,flashsv2,rv10,rv20,rv30,rv40,svq1,svq3,cinepak,"
                    + "indeo3,indeo4,indeo5,mjpeg,mjpegb,jpeg2000,png,apng,gif,dvvideo,prores,dnxhd,cfhd,ffv1,huffyuv,"
                    + "ffvhuff,utvideo,rawvideo,v210,qtrle,rpza,msrle,msvideo1,zmbv,camtasia,tscc2,cavs,dirac")
            .split(","));

    /** Decoders that may be opened at all: those of sound too, which FFmpeg asks where a file begins. */
    static final String CODECS = String.join(",", PICTURES)
            + ",aac,aac_latm,mp3float,mp2float,mp1float,ac3,eac3,dca,opus,vorbis,flac,alac,amrnb,amrwb,wmav1,wmav2,"
            + "wmapro,cook,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_u8,pcm_alaw,pcm_mulaw,pcm_f32le,pcm_bluray,"
            + "pcm_dvd,adpcm_ms,adpcm_ima_wav,adpcm_swf";

    static {
        NativeSettings.apply();
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    private Ffmpeg() {}

    /** Loads FFmpeg's libraries and turns their log off. */
    static void quiet() {
        // The static initialiser does so once.
    }

    /** Returns FFmpeg's one-line description of an error code. */
    static String message(int code) {
        byte[] buffer = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
        avutil.av_strerror(code, buffer, buffer.length);
        int end = 0;
        while (end < buffer.length && buffer[end] != 0) {
            end++;
        }
        return new String(buffer, 0, end, StandardCharsets.UTF_8);
    }

    /** Returns {@code code} unless it is an error. */
    static int check(int code, String step) throws Failure {
        if (code < 0) {
            throw new Failure(step, code);
        }
        return code;
    }

    /** Returns {@code value} unless it is null. */
    static <T> T present(T value, String step) throws Failure {
        if (value == null) {
            throw new Failure(step, avutil.AVERROR_ENOMEM());
        }
        return value;
    }

    /** A failed call; callers turn it into an error that names the file. */
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;

        Failure(String step, int code) {
            super(step + ": " + Ffmpeg.message(code));
        }
    }
}
