package org.videotg.smallworld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import org.videotg.smallworld.scene.Query.Colour;
import org.videotg.smallworld.scene.Scene;
import org.videotg.smallworld.scene.SceneGenerator;
import org.videotg.smallworld.scene.SceneGenerator.Split;
import org.videotg.smallworld.scene.SceneObject;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.RgbImage;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;

/** What a model sees of the written files, decoded again. */
class WorldVideoTest {
    private static final int VIDEOS = 6;
    /** Pixels to each side of an object's centre that are averaged: within every shape, a cross's bars included. */
    private static final int PATCH = 1;

    @TempDir
    Path folder;

    private int right;
    private int seen;

    @Test
    void decodedFramesShowTheObjectsOfTheSceneInTheirColours() {
        WorldSettings settings = WorldSettings.grounding(
                DomainSettings.named("target"), 3, VIDEOS, 0, AnnotationDefects.partial(.45, .75));
        WorldWriter.write(settings, folder, (done, total) -> {});
        SceneGenerator generator =
                new SceneGenerator(settings.domain(), settings.seed(), AnnotationDefects.partial(.45, .75));
        List<Sample> samples = Samples.read(folder.resolve("train.jsonl"));
        for (int i = 0; i < VIDEOS; i++) {
            Scene scene = generator.scene(Split.TRAIN, i);
            VideoFile video = VideoFile.open(Samples.resolve(folder.resolve("train.jsonl"), samples.get(i)));
            assertEquals(samples.get(i).duration(), video.info().duration(), 1e-6);
            assertTrue(video.info().timesFollowIndex());
            SampledFrames frames = FrameSampling.Hf.defaults().sample(video);
            FrameDecoder.decode(
                    frames.info(),
                    frames.indices(),
                    (position, image) -> check(scene, frames.indices()[position], image));
        }
        assertTrue(seen > 500, "objects compared: " + seen);
        assertTrue(right >= .97 * seen, right + " of " + seen + " in the right colour");
    }

    private void check(Scene scene, int frame, RgbImage image) {
        List<SceneObject> shown = scene.objects().stream()
                .filter(object -> object.visibleAt(frame))
                .toList();
        for (SceneObject object : shown) {
            double x = object.xAt(frame);
            boolean covered = shown.stream()
                    .anyMatch(other -> !other.equals(object)
                            && Math.abs(other.y() - object.y()) < scene.size()
                            && Math.min(Math.abs(other.xAt(frame) - x), Scene.WIDTH - Math.abs(other.xAt(frame) - x))
                                    < scene.size());
            if (!covered) {
                seen++;
                right += nearest(mean(image, (int) x, (int) object.y())) == object.colour() ? 1 : 0;
            }
        }
    }

    /** The colour whose direction from the grey axis is nearest: brightness and contrast don't matter. */
    private static Colour nearest(double[] rgb) {
        return Arrays.stream(Colour.values())
                .max(Comparator.comparingDouble(colour -> cosine(colour.rgb(), rgb)))
                .orElseThrow();
    }

    private static double cosine(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double dot = 0;
        double squareA = 0;
        double squareB = 0;
        for (int c = 0; c < 3; c++) {
            dot += (a[c] - meanA) * (b[c] - meanB);
            squareA += (a[c] - meanA) * (a[c] - meanA);
            squareB += (b[c] - meanB) * (b[c] - meanB);
        }
        return dot / Math.sqrt(squareA * squareB + 1e-9);
    }

    private static double[] mean(RgbImage image, int x, int y) {
        double[] sum = new double[3];
        for (int dy = -PATCH; dy <= PATCH; dy++) {
            for (int dx = -PATCH; dx <= PATCH; dx++) {
                int at = (Math.min(Scene.HEIGHT - 1, y + dy) * Scene.WIDTH + Math.floorMod(x + dx, Scene.WIDTH)) * 3;
                for (int c = 0; c < 3; c++) {
                    sum[c] += image.rgb()[at + c] & 255;
                }
            }
        }
        return sum;
    }
}
