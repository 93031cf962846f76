package org.videotg.video;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;

/** What every use of FFmpeg here shares: silence on stderr and readable errors. */
final class Ffmpeg {
    static {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    private Ffmpeg() {}

    /** Loads FFmpeg's libraries and keeps them from writing to stderr. */
    static void quiet() {
        // The static initialiser does it, once.
    }

    /** FFmpeg's own words for an error code, one line. */
    static String message(int code) {
        byte[] buffer = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
        avutil.av_strerror(code, buffer, buffer.length);
        int end = 0;
        while (end < buffer.length && buffer[end] != 0) {
            end++;
        }
        return new String(buffer, 0, end, StandardCharsets.UTF_8);
    }

    /** @return {@code code} if it is no error */
    static int check(int code, String step) throws FfmpegException {
        if (code < 0) {
            throw new FfmpegException(step, code);
        }
        return code;
    }

    /** @return {@code value} if FFmpeg could allocate or find it */
    static <T> T present(T value, String step) throws FfmpegException {
        if (value == null) {
            throw new FfmpegException(step, avutil.AVERROR_ENOMEM());
        }
        return value;
    }
}
