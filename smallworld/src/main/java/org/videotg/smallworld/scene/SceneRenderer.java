package org.videotg.smallworld.scene;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Random;
import org.videotg.core.run.Draw;
import org.videotg.smallworld.scene.Query.Colour;
import org.videotg.smallworld.scene.Query.Shape;
import org.videotg.smallworld.scene.Scene.Look;

/**
 * Renders the frames of a scene in order, as RGB24: {@code Scene.HEIGHT x Scene.WIDTH x 3} bytes, rows from the top,
 * with anti-aliased edges. Every frame is a pure function of the scene. The returned array is reused for the next
 * frame.
 */
public final class SceneRenderer implements Iterator<byte[]> {
    private static final int W = Scene.WIDTH;
    private static final int H = Scene.HEIGHT;
    /** Half the thickness of a cross's bars, as a share of its half side. */
    private static final double CROSS_BAR = .34;
    /** Standard normal numbers. A row of noise is a random section of them, which is faster than a draw per pixel. */
    private static final float[] NORMAL = normal(1 << 16);

    private final Scene scene;
    private final float[] background;
    private final float[] canvas = new float[H * W * 3];
    private final byte[] frame = new byte[H * W * 3];
    private int next;

    public SceneRenderer(Scene scene) {
        this.scene = scene;
        this.background = background(scene.look());
    }

    @Override
    public boolean hasNext() {
        return next < scene.frames();
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the scene has " + scene.frames() + " frames");
        }
        System.arraycopy(background, 0, canvas, 0, canvas.length);
        for (SceneObject object : scene.objects()) {
            if (object.visibleAt(next)) {
                draw(object, object.xAt(next));
            }
        }
        addNoise();
        next++;
        return frame;
    }

    private void draw(SceneObject object, double x) {
        double[] colour = rgb(object.colour(), scene.look());
        double half = scene.size() / 2.0;
        int reach = (int) Math.ceil(half) + 1;
        for (int row = Math.max(0, (int) object.y() - reach); row <= Math.min(H - 1, (int) object.y() + reach); row++) {
            for (int column = (int) x - reach; column <= (int) x + reach; column++) {
                double distance = distance(object.shape(), column + .5 - x, row + .5 - object.y(), half);
                float cover = (float) Math.max(0, Math.min(1, .5 - distance));
                int at = (row * W + Math.floorMod(column, W)) * 3;
                for (int c = 0; cover > 0 && c < 3; c++) {
                    canvas[at + c] += cover * ((float) colour[c] - canvas[at + c]);
                }
            }
        }
    }

    private void addNoise() {
        float deviation = (float) (255 * scene.look().noise());
        Random random = Draw.generator(scene.look().noiseSeed(), "noise", next);
        for (int row = 0; row < H; row++) {
            int from = random.nextInt(NORMAL.length - W);
            for (int column = 0; column < W; column++) {
                float noise = deviation * NORMAL[from + column];
                int at = (row * W + column) * 3;
                for (int c = 0; c < 3; c++) {
                    frame[at + c] = (byte) Math.max(0, Math.min(255, Math.round(canvas[at + c] + noise)));
                }
            }
        }
    }

    private static float[] background(Look look) {
        float[] pixels = new float[H * W * 3];
        double[] colour = {look.red(), look.green(), look.blue()};
        for (int row = 0; row < H; row++) {
            for (int column = 0; column < W; column++) {
                double phase = 2 * Math.PI * (look.waveX() * column / W + look.waveY() * row / H);
                for (int c = 0; c < 3; c++) {
                    pixels[(row * W + column) * 3 + c] = (float) (colour[c] + look.texture() * Math.sin(phase));
                }
            }
        }
        return pixels;
    }

    private static float[] normal(int count) {
        Random random = Draw.generator(0, "table of noise");
        float[] draws = new float[count];
        for (int i = 0; i < count; i++) {
            draws[i] = (float) random.nextGaussian();
        }
        return draws;
    }

    /** Returns all frames of a scene. */
    public static byte[][] all(Scene scene) {
        SceneRenderer renderer = new SceneRenderer(scene);
        byte[][] frames = new byte[scene.frames()][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Arrays.copyOf(renderer.next(), H * W * 3);
        }
        return frames;
    }

    /** Returns (red, green, blue) in 0..255: the hue rotated, brightened and mixed with the background. */
    private static double[] rgb(Colour colour, Look look) {
        double[] plain = colour.rgb();
        double angle = Math.toRadians(look.hueShift());
        // Rotation about (1, 1, 1) / sqrt(3) by Rodrigues' formula.
        double same = Math.cos(angle) + (1 - Math.cos(angle)) / 3;
        double next = (1 - Math.cos(angle)) / 3 - Math.sin(angle) / Math.sqrt(3);
        double last = (1 - Math.cos(angle)) / 3 + Math.sin(angle) / Math.sqrt(3);
        double[] background = {look.red(), look.green(), look.blue()};
        double[] rgb = new double[3];
        for (int c = 0; c < 3; c++) {
            double turned = same * plain[c] + next * plain[(c + 1) % 3] + last * plain[(c + 2) % 3];
            double bright = Math.min(255, Math.max(0, turned * look.brightness()));
            rgb[c] = background[c] + look.contrast() * (bright - background[c]);
        }
        return rgb;
    }

    /**
     * Returns the signed distance in pixels to the outline of a shape that fills a square of side {@code 2 * half};
     * below zero inside, exact near the outline except at corners.
     *
     * @param x to the right of the centre, pixels
     * @param y below the centre, pixels
     */
    private static double distance(Shape shape, double x, double y, double half) {
        return switch (shape) {
            case SQUARE -> box(x, y, .9 * half, .9 * half);
            case CIRCLE -> Math.hypot(x, y) - half;
            // Apex at (0, -half), base at y = half: the sides have the normal (2, -1).
            case TRIANGLE -> Math.max(y - half, (2 * Math.abs(x) - y - half) / Math.sqrt(5));
            case CROSS -> Math.min(box(x, y, half, CROSS_BAR * half), box(x, y, CROSS_BAR * half, half));
        };
    }

    private static double box(double x, double y, double halfWidth, double halfHeight) {
        return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
    }
}
