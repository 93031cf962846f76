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

    /** Returns the picture turned clockwise by 0, 90, 180 or 270 degrees. */
    RgbImage rotated(int degrees) {
        if (degrees == 0) {
            return this;
        }
        boolean swapped = degrees != 180;
        int w = swapped ? height : width;
        int h = swapped ? width : height;
        byte[] turned = new byte[rgb.length];
        int to = 0;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++, to += 3) {
                int from = 3
                        * switch (degrees) {
                            case 90 -> (height - 1 - x) * width + y;
                            case 180 -> (height - 1 - y) * width + width - 1 - x;
                            case 270 -> x * width + width - 1 - y;
                            default -> throw new IllegalArgumentException("can't turn by " + degrees + " degrees");
                        };
                turned[to] = rgb[from];
                turned[to + 1] = rgb[from + 1];
                turned[to + 2] = rgb[from + 2];
            }
        }
        return new RgbImage(w, h, turned);
    }
}
