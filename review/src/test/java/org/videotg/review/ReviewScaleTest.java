package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

class ReviewScaleTest {
    private static final int SAMPLES = 10_000;

    /** 10,000 samples with a probe of 20 grids each: the list within 2 s, a sample within 0.2 s. */
    @Test
    void tenThousandSamplesAreListedInTwoSeconds(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("train.jsonl");
        Path reflections = folder.resolve("reflections.jsonl");
        String grids = IntStream.range(0, 20)
                .mapToObj(i -> "{\"grid\":" + i + ",\"time\":" + (i + 0.25) + ",\"yes\":0.000123456}")
                .collect(Collectors.joining(",", "[", "]"));
        Samples.write(
                data,
                IntStream.range(0, SAMPLES)
                        .mapToObj(i -> Sample.vtg(
                                "s" + i, "v.mp4", 60, "a person opens door " + i, List.of(new Interval(i % 50, 55))))
                        .toList());
        Jsonl.write(
                reflections,
                IntStream.range(0, SAMPLES)
                        .mapToObj(i -> Json.parse(
                                "{\"id\":\"s" + i + "\",\"spans\":[[0,3]],\"partial\":" + (i % 2 == 0) + ",\"replies\":"
                                        + grids + "}",
                                "row"))
                        .toList());
        long started = System.nanoTime();
        ReviewData review = ReviewData.read(
                new ReviewData.Sources(data, Optional.of(reflections), Optional.empty(), List.of(), Optional.empty()));
        double read = (System.nanoTime() - started) / 1e9;
        try (DecisionLog log = DecisionLog.open(folder.resolve("decisions.jsonl"), Duration.ZERO);
                ReviewServer server = ReviewServer.start(
                        new ReviewServer.Settings(0, folder.resolve("copies"), "", Clock.systemUTC()), review, log)) {
            double list = IntStream.range(0, 5)
                    .mapToDouble(i -> seconds(server, "api/samples?filter=all", SAMPLES))
                    .sorted()
                    .toArray()[2];
            double sample = IntStream.range(0, 20)
                    .mapToDouble(i -> seconds(server, "api/sample?id=s" + 491 * i, 1))
                    .sorted()
                    .toArray()[10];
            double overview = seconds(server, "api/review", 1);
            System.out.printf(
                    "%d samples: read %.2f s, median of 5 lists %.2f s, overview %.2f s, median of 20 samples %.3f s%n",
                    SAMPLES, read, list, overview, sample);
            assertTrue(list < 2, "the list takes " + list + " s");
            assertTrue(sample < 0.2, "a sample takes " + sample + " s");
        }
    }

    private static double seconds(ReviewServer server, String path, int rows) {
        String key = server.page().getQuery().substring("key=".length());
        URI uri = server.page().resolve("/" + path);
        long started = System.nanoTime();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .header("Authorization", "Bearer " + key)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            double seconds = (System.nanoTime() - started) / 1e9;
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(rows == 1 || Json.parse(answer.body(), "list").size() == rows);
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
