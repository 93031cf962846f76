package org.videotg.video;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Pictures as PNG files, which lose nothing. */
public final class Png {
    static {
        ImageIO.setUseCache(false);
    }

    private Png() {}

    public static byte[] encode(RgbImage image) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        int[] row = new int[image.width()];
        byte[] rgb = image.rgb();
        for (int y = 0, from = 0; y < image.height(); y++) {
            for (int x = 0; x < row.length; x++, from += 3) {
                row[x] = ((rgb[from] & 0xff) << 16) | ((rgb[from + 1] & 0xff) << 8) | (rgb[from + 2] & 0xff);
            }
            picture.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", file);
        } catch (IOException e) {
            throw new IllegalStateException("a picture in memory can't be written", e);
        }
        return file.toByteArray();
    }
}
