package org.videotg.video;

import java.io.IOException;

/** A call of FFmpeg that failed; callers turn it into a message that names the file. */
final class FfmpegException extends IOException {
    private static final long serialVersionUID = 1L;

    FfmpegException(String step, int code) {
        super(step + ": " + Ffmpeg.message(code));
    }
}
