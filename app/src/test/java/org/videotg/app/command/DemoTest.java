package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.app.doctor.Installation;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** The whole method at the smallest size, in child processes as always. */
class DemoTest {
    private static final Path RECIPES = Path.of("src/test/resources/demo");

    @TempDir
    Path folder;

    @Test
    void aDemoGoesFromNothingToATableAndAReportAndGoesOnAfterAStop() throws IOException {
        Path model = RandomModel.create(folder.resolve("model"));
        Path out = folder.resolve("demo");
        Object[] line = {"run", RECIPES.resolve("project.yaml"), "--model", model, "--out", out, "--workers", 2};
        Cli first = Cli.good(line);
        assertTable(first);
        assertTrue(first.err().contains("; compared are zero-shot; "), first.err());
        for (String file : List.of(
                "manifest.json",
                "world/train.jsonl",
                "world/test.jsonl",
                "world/truth.jsonl",
                "agents/reflections.jsonl",
                "agents/difficulty.jsonl",
                "selections/selected.jsonl",
                "selections/selected.json",
                "results.jsonl",
                "scores.jsonl.gz",
                "arms.json",
                "report/index.html",
                "arms/zero-shot/eval/predictions.jsonl",
                "arms/zero-shot/eval/metrics.json",
                "arms/method-grpo/recipe.yaml",
                "arms/method-grpo/metrics.jsonl",
                "arms/method-grpo/compute.json",
                "arms/method-grpo/curve/step-00000001/metrics.json",
                "arms/method-grpo/manifest.json",
                "arms/method-grpo/model/model.safetensors",
                "arms/method-grpo/eval/metrics.json")) {
            assertTrue(Files.exists(out.resolve(file)), file + " is missing");
        }
        JsonNode method = arm(out, "method-grpo");
        assertEquals(3, method.path("samples").asInt());
        assertTrue(method.path("compute").path("agentTokenForwards").asLong() > 0, "the agents' work counts");
        assertTrue(method.path("compute").path("cpuSeconds").asDouble() > 0);
        assertEquals(0, arm(out, "zero-shot").path("samples").asInt());
        assertEquals("zero-shot", arm(out, "zero-shot").path("role").asText(), "by its name");
        assertEquals("method", method.path("role").asText());
        List<Sample> selected = Samples.read(out.resolve("selections/selected.jsonl"));
        assertTrue(selected.stream()
                .allMatch(sample -> Files.exists(Samples.resolve(out.resolve("selections/selected.jsonl"), sample))));

        byte[] report = Files.readAllBytes(out.resolve("report/index.html"));
        Files.delete(out.resolve("arms/zero-shot/eval/metrics.json"));
        Files.delete(out.resolve("report/index.html"));
        assertTable(Cli.good(line));
        assertTrue(Files.exists(out.resolve("report/index.html")) && report.length > 0);

        line[3] = Installation.current().embeddedModel();
        Cli otherModel = Cli.run(line);
        assertEquals(1, otherModel.code());
        assertTrue(otherModel.err().contains("another model"), otherModel.err());

        Files.copy(RECIPES.resolve("grpo.yaml"), folder.resolve("grpo.yaml"));
        Files.writeString(
                folder.resolve("other.yaml"),
                Files.readString(RECIPES.resolve("project.yaml")).replace("seed: 2", "seed: 3"));
        line[1] = folder.resolve("other.yaml");
        Cli other = Cli.run(line);
        assertEquals(1, other.code());
        assertTrue(other.err().contains("other settings"), other.err());
    }

    private static void assertTable(Cli demo) {
        List<String> lines = new ArrayList<>(demo.out().lines().toList());
        assertTrue(
                lines.get(0).startsWith("arm")
                        && lines.get(0).contains("mIoU")
                        && lines.get(0).contains("(agents)"),
                demo.out());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("the method under GRPO")), demo.out());
        assertTrue(lines.get(lines.size() - 2).startsWith("report: "), demo.out());
        assertTrue(lines.get(lines.size() - 1).startsWith("Best of 2 arms: "), demo.out());
    }

    private static JsonNode arm(Path out, String name) {
        for (JsonNode arm : Json.parse(AtomicFiles.readString(out.resolve("arms.json")), "arms")) {
            if (arm.path("name").asText().equals(name)) {
                return arm;
            }
        }
        throw new AssertionError(name + " is not in arms.json");
    }
}
