package org.videotg.video;

/** Height and width of a picture in pixels. */
public record FrameSize(int height, int width) {
    public FrameSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a picture has at least one pixel, not " + width + "x" + height);
        }
    }

    public long pixels() {
        return (long) height * width;
    }
}
