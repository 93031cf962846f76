package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.app.doctor.Finding;
import org.videotg.app.doctor.Findings;
import org.videotg.app.dryrun.DryRun;
import org.videotg.app.dryrun.Machine;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.Task;
import org.videotg.models.hub.HubModels;
import org.videotg.models.hub.HubSettings;
import org.videotg.models.hub.RetryPolicy;
import org.videotg.models.tensor.Placement;
import org.videotg.training.recipe.Recipe;

class DryRunTest {
    @TempDir
    static Path folder;

    private static Path data;
    private static Path recipe;

    @BeforeAll
    static void prepare() {
        data = Cli.world(folder.resolve("world")).resolve("train.jsonl");
        Path model = RandomModel.create(folder.resolve("model"));
        recipe = folder.resolve("grpo.yaml");
        AtomicFiles.writeString(
                recipe,
                "method: grpo\nmodel: " + model + "\ndata: " + data + "\noutput: " + folder.resolve("out")
                        + "\nepochs: 3\nbatch: 2\ngrpo: {group: 2, maxTokens: 3}\ncurriculum: {name: linear}\n");
    }

    private static Findings examine(long memory, long disk, String... overrides) {
        return examine(memory, disk, HubModels.current(), overrides);
    }

    private static Findings examine(long memory, long disk, HubModels hub, String... overrides) {
        Recipe read = Recipe.read(recipe, List.of(overrides));
        Machine machine = new Machine(Placement.CPU, 1, memory, path -> disk);
        return new DryRun(read, folder.resolve("out"), machine, hub, new DryRun.Effort(0, false)).examine();
    }

    /** A hub that can't be reached, with an empty cache. */
    private static HubModels unreachable(boolean offline) {
        Duration instant = Duration.ofMillis(1);
        return new HubModels(
                new HubSettings(
                        URI.create("http://127.0.0.1:1"), folder.resolve("hub"), Optional.empty(), offline, true),
                new RetryPolicy(1, instant, instant, Duration.ofSeconds(5)),
                note -> {});
    }

    private static Finding named(Findings findings, String name) {
        return findings.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRunThatCanBeginIsTriedAndLeavesNothing() {
        Cli run = Cli.good("train", recipe, "--dry-run");
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.stream().allMatch(line -> line.startsWith("ok ")), run.out());
        for (String said : List.of(
                "4 samples (vtg 4)",
                "0 marked hard: the curriculum masks nothing",
                "all 4 videos can be used, all frames were decoded",
                "2 per prompt",
                "6 steps of",
                "2 real steps")) {
            assertTrue(run.out().contains(said), said + " is missing in:\n" + run.out());
        }
        assertFalse(Files.exists(folder.resolve("out")));
        JsonNode json = Json.parse(
                Cli.good("train", recipe, "--dry-run", "--trial", 0, "--json").out(), "stdout");
        assertTrue(json.path("ok").asBoolean());
        assertEquals(
                List.of("data", "videos", "model", "prompts", "memory", "disk", "time, minimum", "time, trial"),
                json.path("findings").findValuesAsText("name"));
    }

    @Test
    void aValidationIsCheckedAndItsShareOfTheComputeIsStated() {
        String validation = "validation={data: " + data + ", every: 4, samples: 3, maxTokens: 3}";
        Finding found = named(examine(1L << 40, 1L << 40, validation), "validation");
        assertTrue(found.ok(), found.toString());
        // 9 passes over prompt and 3 tokens, beside 12 of rollouts and 3 x 12 of training over prompt and 6 tokens.
        assertTrue(found.value().startsWith("3 samples, 3 times; at most 18."), found.toString());
        assertTrue(found.value().contains("3 are about videos that are trained on"), found.toString());
        Finding missing = named(
                examine(1L << 40, 1L << 40, "validation.data=" + data.resolveSibling("nowhere.jsonl")), "validation");
        assertFalse(missing.ok());
        assertTrue(missing.toString().contains("nowhere.jsonl"), missing.toString());
    }

    @Test
    void videosOfAValidationNeedDiskUnlessTheyAreTrainedOn() {
        String other = "validation.data=" + data.resolveSibling("test.jsonl");
        int more = Samples.read(data.resolveSibling("test.jsonl")).size();
        assertEquals(4, videosOnDisk());
        assertEquals(4, videosOnDisk("validation.data=" + data));
        assertEquals(4 + more, videosOnDisk(other));
        assertEquals(0, videosOnDisk(other, "compute.trainVision=true"));
    }

    private static int videosOnDisk(String... overrides) {
        String value = named(examine(1L << 40, 1L << 40, overrides), "disk").value();
        Matcher said = Pattern.compile("features of (\\d+) videos").matcher(value);
        assertTrue(said.find(), value);
        return Integer.parseInt(said.group(1));
    }

    @Test
    void allThatIsMissingIsSaidAtOnce() throws IOException {
        Path broken = data.resolveSibling("broken.jsonl");
        List<Sample> samples = new ArrayList<>(Samples.read(data));
        samples.add(Sample.vtg("lost", "videos/lost.mp4", 20, "the red square stays", List.of(new Interval(1, 30))));
        Files.writeString(broken.resolveSibling("noise.mp4"), "no video");
        byte[] whole = Files.readAllBytes(Samples.resolve(data, samples.get(0)));
        Files.write(broken.resolveSibling("cut.mp4"), Arrays.copyOf(whole, whole.length * 3 / 4));
        samples.add(Sample.vtg("cut", "cut.mp4", 20, "the red square stays", List.of(new Interval(1, 3))));
        samples.add(new Sample(
                "noise",
                "noise.mp4",
                20,
                "what?",
                List.of(new Interval(2, 2)),
                Task.GQA,
                List.of("a", "b"),
                null,
                Map.of()));
        Samples.write(broken, samples);
        Cli run = Cli.run(
                "train", recipe, "--dry-run", "method=sft", "data=" + broken, "model=" + folder.resolve("none"));
        assertEquals(1, run.code());
        for (String said : List.of(
                "7 samples (gqa 1, vtg 6); beyond 1",
                "zero-length 1",
                "blank-answer 1",
                "3 of 7 videos, of 3 of 7 samples, can't be used (1 missing, 2 unreadable)")) {
            assertTrue(
                    run.out().contains(said),
                    said + " is missing in:\n" + run.out().replace("; ", "\n"));
        }
        for (String said : List.of(
                "missing: data: 1 samples can't be trained on; sample \"noise\"",
                "missing: videos: " + broken.resolveSibling("videos/lost.mp4") + " does not exist",
                broken.resolveSibling("cut.mp4") + " is not a video that FFmpeg can read",
                "noise.mp4 is not a video that FFmpeg can read",
                "missing: model: model " + folder.resolve("none") + " is not a folder")) {
            assertTrue(run.err().contains(said), said + " is missing in:\n" + run.err());
        }
    }

    @Test
    void aPromptThatTheModelDoesNotAllowIsMissing() throws IOException {
        Path model = RandomModel.create(folder.resolve("narrow"));
        Path config = model.resolve("config.json");
        JsonNode json = Json.read(config);
        ((ObjectNode) json.path("text_config")).put("max_position_embeddings", 40);
        Files.writeString(config, Json.pretty(json));
        Finding prompts = named(examine(1L << 40, 1L << 40, "model=" + model), "prompts");
        assertFalse(prompts.ok());
        assertTrue(prompts.advice().startsWith("4 samples can't be asked about; sample \""), prompts.advice());
        assertTrue(prompts.advice().contains("the model allows 40 in all (max_position_embeddings)"), prompts.advice());
    }

    @Test
    void samplesOfBadVideosAreLeftOutOfARunThatSkips() throws IOException {
        Path some = data.resolveSibling("some.jsonl");
        List<Sample> samples = new ArrayList<>(Samples.read(data));
        samples.add(Sample.vtg("lost", "videos/lost.mp4", 20, "the red square stays", List.of(new Interval(1, 3))));
        Samples.write(some, samples);
        Findings skipping = examine(1L << 40, 1L << 40, "data=" + some, "onBadVideo=skip");
        assertTrue(skipping.ok(), skipping.toString());
        assertTrue(named(skipping, "videos").value().contains("their samples are skipped; "), skipping.toString());
        assertTrue(named(skipping, "prompts").value().contains("(of 4 samples)"), skipping.toString());
        assertFalse(named(examine(1L << 40, 1L << 40, "data=" + some), "videos").ok());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void publishedModelsAreEstimatedWithoutTheirFiles(boolean offline) {
        String name = "Qwen/Qwen3-VL-8B-Instruct";
        Findings findings = examine(1L << 40, 1L << 40, unreachable(offline), "model=" + name);
        Finding model = named(findings, "model");
        assertFalse(model.ok());
        assertTrue(model.value().contains("8.77 billion parameters"), model.value());
        assertTrue(model.advice().contains(offline ? "HF_HUB_OFFLINE" : "no connection"), model.advice());
        assertTrue(model.advice().contains("hf download " + name), model.advice());
        // Weights and gradients of 8.2 billion trained parameters in float32, and twice that for the optimizer.
        assertTrue(named(findings, "memory").value().contains("weights 32.66, gradients 30.51, optimizer 61.03"));
        assertTrue(named(findings, "time, minimum").value().contains("6 steps"));
    }

    @Test
    void anUnknownNameWithoutNetworkIsMissing() {
        Findings findings = examine(1L << 40, 1L << 40, unreachable(false), "model=someone/model");
        assertEquals(
                List.of("data", "videos", "model"),
                findings.findings().stream().map(Finding::name).toList());
        assertTrue(named(findings, "model").advice().contains("hf download someone/model"), findings.toString());
    }

    @Test
    void tooLittleMemoryOrDiskIsSaid() {
        Findings enough = examine(1L << 40, 1L << 40);
        assertTrue(enough.ok(), enough.toString());
        Findings little = examine(1 << 20, 1L << 40);
        assertFalse(named(little, "memory").ok());
        assertTrue(named(little, "memory").advice().contains("lora"));
        assertTrue(named(little, "disk").ok());
        assertFalse(named(examine(1L << 40, 1000), "disk").ok());
    }
}
