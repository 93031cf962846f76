package org.videotg.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;

/** Settings and error handling that all uses of FFmpeg share. */
final class Ffmpeg {
    static {
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
