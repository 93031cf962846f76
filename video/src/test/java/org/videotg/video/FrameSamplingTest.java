package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;

class FrameSamplingTest {
    @Test
    void agreesWithTransformers() {
        int rows = 0;
        for (JsonNode row : Golden.rows("sample")) {
            int total = row.get("total").asInt();
            FrameSampling sampling = new FrameSampling.Hf(row.get("fps").asDouble(), 4, 768);
            int count = sampling.count(total, row.get("videoFps").asDouble());
            assertArrayEquals(Golden.ints(row.get("indices")), sampling.indices(total, count), row.toString());
            rows++;
        }
        assertEquals(42, rows);
    }

    @Test
    void agreesWithTorchsLinspace() {
        for (JsonNode row : Golden.rows("linspace32")) {
            int[] expected = Golden.ints(row.get("indices"));
            assertArrayEquals(
                    expected,
                    FrameSampling.Utils.defaults().indices(row.get("total").asInt(), expected.length));
        }
    }

    /** qwen-vl-utils' rule with round-down to even; expected values worked out by hand. */
    @Test
    void countsOfUtilsAreEven() {
        FrameSampling utils = FrameSampling.Utils.defaults();
        assertEquals(62, utils.count(930, 30));
        assertEquals(70, utils.count(335, 10000 / 1049.0));
        assertEquals(18, utils.count(243, 25));
        assertEquals(4, utils.count(30, 30), "at least 4");
        assertEquals(2, utils.count(3, 30), "as many as there are, even");
        assertEquals(768, utils.count(1_000_000, 30), "at most 768");
        assertEquals(6, new FrameSampling.Utils(2, 5, 9).count(30, 30), "min 5 counts as 6");
        assertEquals(8, new FrameSampling.Utils(2, 5, 9).count(3000, 30), "max 9 counts as 8");
    }

    @Test
    void aSingleFrame(@TempDir Path folder) {
        VideoFile video = VideoFile.open(TestClips.constant(folder.resolve("one.mp4"), 1, 8));
        assertArrayEquals(
                new int[] {0}, FrameSampling.Hf.defaults().sample(video).indices());
        InputException e = assertThrows(
                InputException.class, () -> FrameSampling.Utils.defaults().sample(video));
        assertEquals(video.info().path() + ": has 1 frame where a pair is needed; give a longer video", e.getMessage());
    }

    @Test
    void nearestAgreesWithASearchOfAll() {
        Random random = new Random(7);
        for (int trial = 0; trial < 200; trial++) {
            double[] times =
                    random.doubles(1 + random.nextInt(40), 0, 10).sorted().toArray();
            int count = 1 + random.nextInt(20);
            int[] chosen = FrameSampling.nearest(times, count);
            for (int i = 0; i < count; i++) {
                double span = times[times.length - 1] - times[0];
                double target = count == 1 ? times[0] : times[0] + span * i / (count - 1);
                double best = Double.MAX_VALUE;
                for (double time : times) {
                    best = Math.min(best, Math.abs(time - target));
                }
                assertEquals(best, Math.abs(times[chosen[i]] - target), 1e-12);
            }
        }
    }

    @Test
    void refusesSettingsWithoutSense() {
        assertThrows(IllegalArgumentException.class, () -> new FrameSampling.Hf(0, 4, 768));
        assertThrows(IllegalArgumentException.class, () -> new FrameSampling.Hf(2, 10, 4));
        assertThrows(IllegalArgumentException.class, () -> new FrameSampling.Utils(2, 1, 1));
    }
}
