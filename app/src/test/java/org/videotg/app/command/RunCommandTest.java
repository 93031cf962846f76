package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;

/** A project with two seeds. Its arms are not trained; {@link DemoTest} trains one. */
class RunCommandTest {
    private static final String PROJECT = """
            seeds: [1, 2]
            data:
              - {name: base, world: {domain: base, train: 1, test: 3}}
            maxTokens: 4
            arms:
              - {name: first, role: reference}
            """;

    @TempDir
    Path folder;

    @Test
    void seedsAndArmsAreAddedUntilAllIsDone() throws IOException {
        Path model = RandomModel.create(folder.resolve("model"));
        Path out = folder.resolve("out");
        Path file = Files.writeString(folder.resolve("project.yaml"), PROJECT);
        Object[] line = {"run", file, "--model", model, "--out", out, "--workers", 2};

        String plan = Cli.good(with(line, "--dry-run")).out();
        assertTrue(plan.contains("world            2       0"), plan);
        assertTrue(plan.contains("eval             2       0"), plan);
        assertFalse(Files.exists(out), "a dry run writes nothing");

        Cli.good(with(line, "--only", "*/seed-1/**"));
        assertTrue(Files.exists(out.resolve("base/seed-1/world/truth.jsonl")));
        assertTrue(Files.exists(out.resolve("base/seed-1/logs/world.log")));
        assertTrue(Files.exists(out.resolve("base/seed-1/model/arms/first/eval/metrics.json")));
        assertFalse(Files.exists(out.resolve("base/seed-2")));

        Files.writeString(file, PROJECT + "  - {name: second}\n");
        String table = Cli.good(line).out();
        assertEquals(
                List.of("base/1/first", "base/1/second", "base/2/first", "base/2/second"),
                Jsonl.read(out.resolve("results.jsonl")).stream()
                        .map(Jsonl.Row::node)
                        .map(row -> row.path("data").asText() + "/" + row.path("seed") + "/"
                                + row.path("arm").asText())
                        .toList());
        assertTrue(table.contains("+0.000 [+0.000, +0.000]"), "the same model twice: " + table);
        assertEquals(3, scores(out).path("ious").size());
        assertTrue(scores(out).path("right").isMissingNode(), "no questions");
        String page = AtomicFiles.readString(out.resolve("report/index.html"));
        assertTrue(page.contains("../base/seed-2/model/report/index.html"), page);
        assertTrue(Files.exists(out.resolve("base/seed-2/model/report/index.html")));
        Cli.good("verify", out);

        Path predictions = out.resolve("base/seed-1/model/arms/first/eval/predictions.jsonl");
        byte[] found = Files.readAllBytes(predictions);
        Files.writeString(predictions, "{\n{}\n");
        Cli damaged = Cli.run(line);
        assertEquals(0, damaged.code(), damaged.err());
        assertTrue(damaged.err().contains("base/seed-1/model: "), damaged.err());
        Files.write(predictions, found);

        Files.writeString(file, PROJECT.replace("test: 3", "test: 4"));
        Cli changed = Cli.run(line);
        assertEquals(1, changed.code());
        assertTrue(changed.err().contains("base/seed-1 world"), changed.err());

        Files.writeString(file, PROJECT.replace("[1, 2]", "[1]"));
        Cli fewer = Cli.run(line);
        assertTrue(fewer.err().contains("choose another --out"), fewer.err());

        Files.writeString(file, PROJECT + "  - {name: eval-2}\n");
        byte[] stages = Files.readAllBytes(out.resolve("stages.jsonl"));
        Files.writeString(out.resolve("stages.jsonl"), new String(stages, StandardCharsets.UTF_8) + "\n");
        String grown = Cli.good(with(line, "--dry-run")).out();
        assertTrue(grown.contains("eval             4       2"), "an arm's name is not a kind of stage: " + grown);
        assertEquals(stages.length + 1, Files.size(out.resolve("stages.jsonl")), "a dry run changes nothing");

        Cli nothing = Cli.run(with(line, "--only", "other/**"));
        assertEquals(1, nothing.code());
    }

    @Test
    void anArmNeedsNoSelectionButItsOwn() throws IOException {
        String plan = Cli.good(
                        "run",
                        "../bench/experiments/headline/judging.yaml",
                        "--model",
                        RandomModel.create(folder.resolve("model")),
                        "--out",
                        folder.resolve("out"),
                        "--only",
                        "truncated/seed-11/model/inverse-iou",
                        "--dry-run")
                .out();
        assertTrue(plan.contains("select           1       0"), plan);
    }

    @Test
    void aModelIsNeededIfAnArmOfItIsRun() throws IOException {
        Path model = RandomModel.create(folder.resolve("model"));
        Path away = folder.resolve("away");
        Path file = Files.writeString(
                folder.resolve("project.yaml"),
                PROJECT.replace("[1, 2]", "[1]") + "bases: [{name: here, model: " + model + "}, {name: other, model: "
                        + away + "}]\n");
        Object[] line = {"run", file, "--out", folder.resolve("out"), "--only", "*/*/here/*"};
        Cli first = Cli.good(line);
        assertTrue(first.err().contains("\"other\" is not checked"), first.err());

        Cli all = Cli.run(Arrays.copyOf(line, 4));
        assertEquals(1, all.code());
        assertTrue(all.err().contains(away.toString()), all.err());
        Cli again = Cli.run(with(line, "--from", "world"));
        assertEquals(1, again.code(), "what the other base has made of the world would stay");

        Files.move(model, away);
        Cli.good("run", file, "--out", folder.resolve("out"), "--only", "*/*/other/*");
        assertEquals(
                List.of("here", "other"),
                Jsonl.read(folder.resolve("out/results.jsonl")).stream()
                        .map(row -> row.node().path("base").asText())
                        .toList(),
                "results of a base stay when its model is away");
    }

    @Test
    void questionsAreScoredByTheirAnswersToo() throws IOException {
        Path out = folder.resolve("out");
        Path file = Files.writeString(
                folder.resolve("project.yaml"), PROJECT.replace("domain: base", "domain: base, task: gqa"));
        String table = Cli.good(
                        "run",
                        file,
                        "--model",
                        RandomModel.create(folder.resolve("model")),
                        "--out",
                        out,
                        "--only",
                        "*/seed-2/**")
                .out();
        assertTrue(table.startsWith("base                              runs  Acc@QA  Acc@GQA   mIoU"), table);

        JsonNode row = Jsonl.read(out.resolve("results.jsonl")).get(0).node();
        JsonNode scores = scores(out);
        assertEquals(3, row.path("answers").path("N").asInt());
        int right = 0;
        for (JsonNode score : scores.path("right")) {
            right += score.asInt();
        }
        assertEquals(3, scores.path("right").size());
        assertEquals(3, scores.path("grounded").size());
        assertEquals(right / 3.0, row.path("answers").path("Acc@QA").asDouble(), 1e-9);
        String page = AtomicFiles.readString(out.resolve("report/index.html"));
        assertTrue(page.contains("Acc@GQA"), page);
    }

    private static Object[] with(Object[] line, Object... more) {
        Object[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        return all;
    }

    private static JsonNode scores(Path out) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(out.resolve("scores.jsonl.gz"))), StandardCharsets.UTF_8))) {
            return Json.parse(reader.readLine(), "scores");
        }
    }
}
