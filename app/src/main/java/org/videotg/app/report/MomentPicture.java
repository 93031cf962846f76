package org.videotg.app.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.VideoRef;

/**
 * A PNG picture of moments in a video: a strip of frames above a timeline with the moments and a scale in seconds. It
 * needs no fonts.
 */
public final class MomentPicture {
    private static final int LANE = 16;
    private static final int SCALE = 22;
    private static final int MARGIN = 8;
    private static final int DOT = 2;
    private static final int MOST_TICKS = 8;
    private static final double[] STEPS = {0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600};
    private static final Color LINE = new Color(0x545C66);
    private static final Color MOMENT = new Color(0x1F6FEB);
    private static final Color EMPTY = new Color(0xE4E7EB);

    /** Digits and the point, three columns of five dots each, from the top left along the rows. */
    private static final String GLYPHS = "0123456789.";

    private static final String[] DOTS = {
        "111101101101111",
        "010110010010111",
        "111001111100111",
        "111001111001111",
        "101101111001001",
        "111100111001111",
        "111100111101111",
        "111001010010010",
        "111101111101111",
        "111101111001111",
        "000000000000010"
    };

    private MomentPicture() {}

    /**
     * Writes a picture, whole or not at all.
     *
     * @param duration seconds of the clip
     * @param moments in seconds from the clip's start
     * @throws org.videotg.core.io.InputException if the video can't be read
     */
    public static void write(VideoRef video, double duration, List<Interval> moments, Path file) {
        BufferedImage strip = FilmStrip.draw(video, duration).image();
        BufferedImage picture = new BufferedImage(
                strip.getWidth() + 2 * MARGIN,
                strip.getHeight() + LANE + SCALE + 3 * MARGIN,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.drawImage(strip, MARGIN, MARGIN, null);
        int top = strip.getHeight() + 2 * MARGIN;
        graphics.setColor(EMPTY);
        graphics.fillRect(MARGIN, top, strip.getWidth(), LANE);
        graphics.setColor(MOMENT);
        for (Interval moment : moments) {
            int left = at(moment.clamp(duration).start(), duration, strip.getWidth());
            int right = at(moment.clamp(duration).end(), duration, strip.getWidth());
            graphics.fillRect(MARGIN + left, top, Math.max(2, right - left), LANE);
        }
        scale(graphics, duration, strip.getWidth(), top + LANE);
        graphics.dispose();
        AtomicFiles.write(file, temporary -> Files.write(temporary, png(picture)));
    }

    private static int at(double seconds, double duration, int width) {
        return (int) Math.rint(seconds / duration * width);
    }

    private static void scale(Graphics2D graphics, double duration, int width, int top) {
        graphics.setColor(LINE);
        double step = duration / MOST_TICKS;
        for (int i = STEPS.length - 1; i >= 0; i--) {
            step = STEPS[i] * MOST_TICKS >= duration ? STEPS[i] : step;
        }
        for (int i = 0; i * step <= duration; i++) {
            int x = at(i * step, duration, width);
            String text = String.format(Locale.ROOT, step < 1 ? "%.1f" : "%.0f", i * step);
            int wide = text.length() * 4 * DOT;
            graphics.fillRect(MARGIN + Math.min(x, width - 1), top, 1, 5);
            number(graphics, text, MARGIN + Math.max(0, Math.min(x - wide / 2, width - wide)), top + 8);
        }
    }

    private static void number(Graphics2D graphics, String text, int left, int top) {
        for (int i = 0; i < text.length(); i++) {
            String dots = DOTS[GLYPHS.indexOf(text.charAt(i))];
            for (int dot = 0; dot < dots.length(); dot++) {
                if (dots.charAt(dot) == '1') {
                    graphics.fillRect(left + (4 * i + dot % 3) * DOT, top + dot / 3 * DOT, DOT, DOT);
                }
            }
        }
    }

    private static byte[] png(BufferedImage picture) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", bytes);
        return bytes.toByteArray();
    }
}
