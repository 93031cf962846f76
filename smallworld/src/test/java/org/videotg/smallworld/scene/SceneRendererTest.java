package org.videotg.smallworld.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.videotg.core.sample.Interval;
import org.videotg.smallworld.scene.Query.Action;
import org.videotg.smallworld.scene.Query.Colour;
import org.videotg.smallworld.scene.Query.Shape;
import org.videotg.smallworld.scene.Scene.Look;
import org.videotg.smallworld.scene.SceneGenerator.Split;
import org.videotg.smallworld.scene.SceneObject.Event;

class SceneRendererTest {
    private static final int SIZE = 12;

    @Test
    void theSameSceneGivesTheSameBytes() {
        Scene scene =
                new SceneGenerator(DomainSettings.named("target"), 1, AnnotationDefects.NONE).scene(Split.TRAIN, 0);
        byte[][] frames = SceneRenderer.all(scene);
        assertTrue(Arrays.deepEquals(frames, SceneRenderer.all(scene)));
        assertEquals(scene.seconds() * 4, frames.length);
    }

    @Test
    void noiseHasItsDeviationAndDiffersFromFrameToFrame() {
        Scene plain = plain(Colour.RED, Shape.CIRCLE, Action.STAYS, 32);
        Look noisy = new Look(128, 128, 128, 0, 0, 0, .1, 1, 0, 1, 5);
        byte[][] frames =
                SceneRenderer.all(new Scene(8, SIZE, noisy, plain.objects(), plain.query(), plain.annotation()));
        assertFalse(Arrays.equals(frames[0], frames[1]));
        double square = 0;
        for (byte value : frames[0]) {
            square += Math.pow((value & 255) - 128, 2);
        }
        assertEquals(.1 * 255, Math.sqrt(square / frames[0].length), 1);
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void pixelsShowTheActionInTheSecondsOfItsEventOnly(Action action) {
        byte[][] frames = SceneRenderer.all(plain(Colour.GREEN, Shape.SQUARE, action, 32));
        for (int f = 0; f < frames.length; f++) {
            boolean present = f >= 8 && f < 20 && (action != Action.BLINKS || f % 4 < 2);
            assertEquals(present, bright(frames[f]) > 0, "frame " + f);
            if (present) {
                double moved = action.direction() * 2.0 * (f - 8);
                assertEquals(32 + moved, centre(frames[f]), 1e-6);
            }
        }
    }

    @Test
    void anObjectIsDrawnInItsColourAndWrapsAroundTheEdge() {
        byte[] frame = SceneRenderer.all(plain(Colour.RED, Shape.CIRCLE, Action.STAYS, 0))[8];
        for (int column : new int[] {62, 63, 0, 1}) {
            int at = (32 * Scene.WIDTH + column) * 3;
            assertArrayEquals(
                    new int[] {235, 45, 40}, new int[] {frame[at] & 255, frame[at + 1] & 255, frame[at + 2] & 255});
        }
        assertEquals(0, frame[(32 * Scene.WIDTH + 32) * 3]);
    }

    /** Areas of the outlines by their formulas. */
    @Test
    void shapesCoverTheirAreas() {
        double bar = .34 * SIZE;
        assertEquals(.81 * SIZE * SIZE, area(Shape.SQUARE), 2);
        assertEquals(Math.PI * SIZE * SIZE / 4, area(Shape.CIRCLE), 2);
        assertEquals(SIZE * SIZE / 2.0, area(Shape.TRIANGLE), 2);
        assertEquals(2 * bar * SIZE - bar * bar, area(Shape.CROSS), 2);
    }

    private static double area(Shape shape) {
        return bright(SceneRenderer.all(plain(Colour.GREEN, shape, Action.STAYS, 32))[8]);
    }

    /** One object on black, without noise, present in seconds 2 to 4. */
    private static Scene plain(Colour colour, Shape shape, Action action, double x) {
        Look look = new Look(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0);
        SceneObject object = new SceneObject(colour, shape, x, 32, 8, List.of(new Event(2, 5, action)));
        return new Scene(8, SIZE, look, List.of(object), new Query(colour, shape, action), new Interval(2, 5));
    }

    /** Area covered, in pixels, from the green channel of a green object. */
    private static double bright(byte[] frame) {
        double sum = 0;
        for (int i = 1; i < frame.length; i += 3) {
            sum += (frame[i] & 255) / 200.0;
        }
        return sum;
    }

    /** Mean column of the green channel; pixel centres lie at half columns. */
    private static double centre(byte[] frame) {
        double sum = 0;
        for (int i = 0; i < frame.length / 3; i++) {
            sum += (frame[3 * i + 1] & 255) / 200.0 * (i % Scene.WIDTH + .5);
        }
        return sum / bright(frame);
    }
}
