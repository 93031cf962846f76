package org.videotg.benchmarks.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

class GroundingMetricsTest {
    private static Prediction prediction(String id, double iou) {
        return new Prediction(id, List.of(new Interval(0, 1)), "0 to 1", iou, false, null);
    }

    private static Prediction read(Sample sample, String reply) {
        return Prediction.of(sample, PromptTemplate.DEFAULT.read(sample.task(), reply));
    }

    @Test
    void theThresholdItselfCounts() {
        GroundingMetrics metrics = GroundingMetrics.of(List.of(
                prediction("a", 0.3),
                prediction("b", Math.nextDown(0.3)),
                prediction("c", 0.5),
                prediction("d", 0.7),
                prediction("e", Math.nextDown(0.7))));
        assertEquals(4.0 / 5, metrics.r1At03());
        assertEquals(3.0 / 5, metrics.r1At05());
        assertEquals(1.0 / 5, metrics.r1At07());
        assertEquals(2.5 / 5, metrics.miou(), 1e-12);
        assertEquals(5, metrics.n());
    }

    @Test
    void unparsedRepliesStayInN() {
        Sample sample = Sample.vtg("s", "v.mp4", 10, "q", List.of(new Interval(0, 5)));
        List<Prediction> predictions =
                List.of(read(sample, "0 to 5"), read(sample, "5 to 0"), read(sample, "no idea"), read(sample, "none"));
        GroundingMetrics metrics = GroundingMetrics.of(predictions);
        assertEquals(0.25, metrics.miou());
        assertEquals(4, metrics.n());
        assertEquals(2, metrics.parseFailures(), "none is no answer to a question for one interval");
        assertTrue(predictions.get(2).unparsed());
        assertFalse(predictions.get(1).unparsed());
        assertThrows(InputException.class, () -> GroundingMetrics.of(List.of()));
    }

    @Test
    void jsonHasTheFieldsNames(@TempDir Path folder) {
        assertEquals(
                "{\"R1@0.3\":1.0,\"R1@0.5\":1.0,\"R1@0.7\":0.0,\"mIoU\":0.5,\"N\":1,\"parseFailures\":0}",
                Json.line(GroundingMetrics.of(List.of(prediction("a", 0.5)))));
        Path file = folder.resolve("predictions.jsonl");
        Jsonl.write(file, List.of(prediction("a", 0.5)));
        assertEquals(
                "{\"id\":\"a\",\"intervals\":[[0.0,1.0]],\"reply\":\"0 to 1\",\"iou\":0.5}\n",
                AtomicFiles.readString(file));
        assertEquals(List.of(prediction("a", 0.5)), Prediction.read(file));
        Jsonl.write(file, List.of(prediction("a", 0.5), prediction("a", 0.1)));
        assertTrue(assertThrows(InputException.class, () -> Prediction.read(file))
                .getMessage()
                .contains(":2: id \"a\""));
    }

    @Test
    void bootstrapIsPairedSeededAndNarrowsWithN() {
        Random random = new Random(1);
        List<Prediction> low = new ArrayList<>();
        List<Prediction> high = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double iou = random.nextDouble() * 0.8;
            low.add(prediction("s" + i, iou));
            high.add(0, prediction("s" + i, iou + 0.05 + 0.02 * random.nextDouble()));
        }
        PairedBootstrap result = PairedBootstrap.of(high, low, Prediction::iou, 500, 3);
        assertEquals(0.06, result.meanDifference(), 0.002);
        assertTrue(
                result.low() > 0.05 && result.high() < 0.07,
                "pairs vary little although the samples vary much: " + result);
        assertTrue(result.low() <= result.meanDifference() && result.meanDifference() <= result.high());
        assertEquals(result, PairedBootstrap.of(high, low, Prediction::iou, 500, 3));
        double[] zero = new double[40];
        double[] normal = random.doubles(40).map(x -> x - 0.5).toArray();
        PairedBootstrap wide = PairedBootstrap.of(normal, zero, 4000, 1);
        assertEquals(2 * 1.96 * Math.sqrt(1.0 / 12 / 40), wide.high() - wide.low(), 0.05, "the normal approximation");
    }

    @Test
    void armsOnDifferentSamplesAreRefused() {
        List<Prediction> a = List.of(prediction("a", 0.5));
        assertThrows(
                InputException.class,
                () -> PairedBootstrap.of(a, List.of(prediction("b", 0.5)), Prediction::iou, 10, 0));
        assertThrows(
                InputException.class,
                () -> PairedBootstrap.of(
                        a, List.of(prediction("a", 0.5), prediction("b", 0.5)), Prediction::iou, 10, 0));
    }
}
