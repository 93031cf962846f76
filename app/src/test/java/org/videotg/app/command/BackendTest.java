package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.app.inference.FakeBackend;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.video.Mp4Writer;

/** The commands ask a model of another backend, which only the test sources register. */
class BackendTest {
    private static final int SIZE = 64;

    @TempDir
    static Path folder;

    private static Path data;

    @BeforeAll
    static void prepare() {
        Mp4Writer.write(
                folder.resolve("000000.mp4"),
                SIZE,
                SIZE,
                1,
                IntStream.range(0, 16).mapToObj(i -> new byte[3 * SIZE * SIZE]).iterator(),
                Mp4Writer.CRISP);
        data = folder.resolve("data.jsonl");
        Samples.write(data, List.of(Sample.vtg("s", "000000.mp4", 16, FakeBackend.QUERY, List.of(new Interval(3, 6)))));
    }

    @Test
    void groundAnswersThroughTheBackend() {
        Cli run = Cli.good(
                "ground", folder.resolve("000000.mp4"), FakeBackend.QUERY, "--model", "fake://oracle", "--json");
        JsonNode found = Json.parse(run.out(), "stdout");
        assertEquals("[[3.0,6.0]]", found.path("intervals").toString());
        assertEquals("fake://oracle", found.path("model").asText());
        assertEquals(16, found.path("frames").asInt());
        assertTrue(found.path("promptTokens").asInt() > 0);
        assertEquals("note: its answers are scripted\n", run.err().replace("\r", ""));
    }

    @Test
    void reflectJudgesThroughTheBackend() {
        for (String form : List.of("list", "probe")) {
            Path out = folder.resolve(form + ".jsonl");
            Cli.good("reflect", "--data", data, "--model", "fake://oracle", "--form", form, "--out", out);
            JsonNode verdict = Jsonl.read(out).get(0).node();
            assertEquals("[[10.0,12.0]]", verdict.path("spans").toString(), form);
            assertEquals("scripted", verdict.path("model").path("name").asText());
            assertTrue(verdict.path("usage").path("tokenForwards").asLong() > 0);
        }
    }

    @Test
    void aBackendRefusesWhatDoesNotApplyToIt() {
        Path video = folder.resolve("000000.mp4");
        Cli adapter = Cli.run("ground", video, "a query", "--model", "fake://oracle", "--adapter", folder);
        assertEquals(List.of("error: fake://oracle takes no --adapter"), adapter.errors());
        Cli features = Cli.run("features", "--data", data, "--model", "fake://oracle");
        assertEquals(List.of("error: model fake://oracle keeps no vision features on this machine"), features.errors());
        Cli unknown = Cli.run("ground", video, "a query", "--model", "other://oracle");
        assertEquals(
                List.of(
                        "error: model \"other://oracle\" is of no known kind; give a folder, a name on a hub, or http://HOST:PORT/v1#NAME"),
                unknown.errors());
    }
}
