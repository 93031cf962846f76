package org.videotg.video;

/**
 * An 8-bit RGB picture. The array is not copied and must not be changed afterwards.
 *
 * @param rgb rows from the top without padding: {@code height * width * 3} bytes
 */
public record RgbImage(int width, int height, byte[] rgb) {
    public RgbImage {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(rgb.length + " bytes are no RGB image of " + width + "x" + height);
        }
    }

    /** Returns the picture as it is displayed. */
    RgbImage oriented(Orientation orientation) {
        if (orientation.equals(Orientation.UPRIGHT)) {
            return this;
        }
        int w = orientation.transposed() ? height : width;
        int h = orientation.transposed() ? width : height;
        byte[] turned = new byte[rgb.length];
        int to = 0;
        for (int y = 0; y < h; y++) {
            int row = orientation.flippedY() ? h - 1 - y : y;
            for (int x = 0; x < w; x++, to += 3) {
                int column = orientation.flippedX() ? w - 1 - x : x;
                int from = 3 * (orientation.transposed() ? column * width + row : row * width + column);
                turned[to] = rgb[from];
                turned[to + 1] = rgb[from + 1];
                turned[to + 2] = rgb[from + 2];
            }
        }
        return new RgbImage(w, h, turned);
    }
}
