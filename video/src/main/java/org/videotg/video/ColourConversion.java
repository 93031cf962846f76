package org.videotg.video;

import org.bytedeco.ffmpeg.global.swscale;

/** How decoded pictures become RGB. */
public enum ColourConversion {
    /** With accurate rounding and full chroma: the colours that the standard defines. */
    ACCURATE(swscale.SWS_BICUBIC
            | swscale.SWS_ACCURATE_RND
            | swscale.SWS_FULL_CHR_H_INT
            | swscale.SWS_FULL_CHR_H_INP
            | swscale.SWS_BITEXACT),
    /**
     * FFmpeg's default, which cuts values off instead of rounding, so that pictures are about one grey level darker. The decoders
     * that published checkpoints are trained and used with (PyAV, decord, torchcodec) leave it at that.
     */
    FAST(swscale.SWS_BILINEAR);

    private final int flags;

    ColourConversion(int flags) {
        this.flags = flags;
    }

    /** For FFmpeg's scaler. */
    int flags() {
        return flags;
    }
}
