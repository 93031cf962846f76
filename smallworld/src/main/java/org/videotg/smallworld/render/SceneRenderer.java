package org.videotg.smallworld.render;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Random;
import org.videotg.core.run.Draw;
import org.videotg.smallworld.scene.Look;
import org.videotg.smallworld.scene.Scene;
import org.videotg.smallworld.scene.SceneObject;

/**
 * The frames of a scene in order: RGB24, {@code Scene.HEIGHT x Scene.WIDTH x 3} bytes, rows from the top. Edges are smoothed
 * by how much of a pixel they cover. Every frame is a pure function of the scene. The array is reused from frame to frame.
 */
public final class SceneRenderer implements Iterator<byte[]> {
    private static final int W = Scene.WIDTH;
    private static final int H = Scene.HEIGHT;
    /** Standard normal draws; each row of noise is a stretch of it, which is much faster than drawing every pixel. */
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
        double[] colour = Palette.shown(object.colour(), scene.look());
        double half = scene.size() / 2.0;
        int reach = (int) Math.ceil(half) + 1;
        for (int row = Math.max(0, (int) object.y() - reach); row <= Math.min(H - 1, (int) object.y() + reach); row++) {
            for (int column = (int) x - reach; column <= (int) x + reach; column++) {
                double distance = Outline.distance(object.shape(), column + .5 - x, row + .5 - object.y(), half);
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

    /** All frames of a scene, each in an array of its own. */
    public static byte[][] all(Scene scene) {
        SceneRenderer renderer = new SceneRenderer(scene);
        byte[][] frames = new byte[scene.frames()][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Arrays.copyOf(renderer.next(), H * W * 3);
        }
        return frames;
    }
}
