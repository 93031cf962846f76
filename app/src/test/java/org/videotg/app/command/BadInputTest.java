package org.videotg.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of broken input ends with its exit code, one line that says what is wrong, and no stack trace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String ROW =
            "{\"id\":\"a\",\"video\":\"v.mp4\",\"duration\":3,\"query\":\"x\",\"intervals\":[[0,1]]}";

    @TempDir
    static Path folder;

    private Path video;
    private Path data;
    private Path model;

    /** A command line, its exit code, and what its message must say. */
    record Case(String name, int code, String says, Object... arguments) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void prepare() {
        Path world = Cli.world(folder.resolve("world"));
        data = world.resolve("test.jsonl");
        video = world.resolve("videos/base-3-test-000000.mp4");
        model = RandomModel.create(folder.resolve("model"));
    }

    @ParameterizedTest
    @MethodSource({"videos", "rows", "recipes", "checkpoints", "lines", "others"})
    void saysWhatIsWrongInOneLine(Case bad) {
        Cli run = Cli.run(bad.arguments());
        assertAll(
                () -> assertEquals(bad.code(), run.code(), run.err()),
                () -> assertEquals(1, run.errors().size(), run.err()),
                () -> assertTrue(run.err().contains(bad.says()), run.err()),
                () -> assertFalse(run.err().contains("\tat "), run.err()),
                () -> assertFalse(run.err().contains("a defect of this program"), run.err()));
    }

    /** A value of a megabyte is neither printed whole nor searched again for every space in it. */
    @Test
    void anErrorIsShort() throws IOException {
        Path wide = folder.resolve("long.jsonl");
        Files.writeString(wide, ROW.replace("[[0,1]]", "\"" + " ".repeat(1_000_000) + "\"") + "\n");
        Cli run = assertTimeout(
                Duration.ofSeconds(20), () -> Cli.run("eval", "--data", wide, "--out", folder.resolve("e")));
        assertEquals(1, run.code());
        assertTrue(run.err().length() < 2100, () -> run.err().length() + " characters");
        assertTrue(run.err().contains("long.jsonl:1"), run.err().substring(0, 200));
        assertEquals(2000, VideoTg.oneLine("x".repeat(3000)).length());
    }

    @Test
    void aReportWarnsOfWhatItCouldNotRead() throws IOException {
        Path run = Files.createDirectories(folder.resolve("cut"));
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":0,\"reward\":0.25}\n");
        Files.writeString(run.resolve("compute.json"), "{\"steps\":2}");
        Files.writeString(run.resolve("manifest.json"), "{");
        String said = Cli.good("report", run).err();
        assertTrue(said.contains("warning: " + run.resolve("metrics.jsonl") + " has 1 of the 2 steps"), said);
        assertTrue(said.contains("warning: " + run.resolve("manifest.json") + ": not valid JSON"), said);
    }

    @Test
    void debugPrintsWhereAnErrorArose() {
        Cli run = Cli.run("report", folder.resolve("nowhere"), "--debug");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("\tat org.videotg"), run.err());
    }

    Stream<Case> videos() throws IOException {
        byte[] whole = Files.readAllBytes(video);
        return Stream.of(
                ground("no such video", folder.resolve("none.mp4"), "does not exist"),
                ground("a folder for a video", folder, "folder"),
                ground("an empty video", write("empty.mp4", new byte[0]), "empty.mp4"),
                ground(
                        "text for a video",
                        write("text.mp4", "no video at all\n".repeat(50).getBytes(UTF_8)),
                        "text.mp4"),
                ground("a truncated video", write("cut.mp4", Arrays.copyOf(whole, whole.length / 2)), "cut.mp4"),
                new Case(
                        "a missing video in an evaluation",
                        1,
                        "1 of 1 videos, of 1 of 1 samples, can't be used (1 missing)",
                        "eval",
                        "--data",
                        rows("one", ROW),
                        "--out",
                        folder.resolve("e1"),
                        "--model",
                        model));
    }

    Stream<Case> rows() {
        return Stream.of(
                eval("no such data", folder.resolve("none.jsonl"), "none.jsonl does not exist"),
                eval("a row that is not JSON", rows("notjson", ROW, "{oops"), ":2: not valid JSON"),
                eval("a row that is a list", rows("list", "[1, 2]"), ":1: a row must be a JSON object"),
                eval("no duration", rows("nod", ROW.replace("\"duration\":3,", "")), "\"duration\" is missing"),
                eval("a negative duration", rows("neg", ROW.replace(":3,", ":-3,")), "\"duration\" must be a positive"),
                eval(
                        "intervals of one number",
                        rows("iv", ROW.replace("[[0,1]]", "[[0]]")),
                        "\"intervals\" must be a list of pairs"),
                eval("the same id twice", rows("twice", ROW, ROW), "is already used at"),
                eval("an unknown task", rows("task", ROW.replace("}", ",\"task\":\"sing\"}")), "unknown task \"sing\""),
                eval("no sample", rows("nothing", ""), "holds no sample"),
                new Case(
                        "broken verdicts",
                        1,
                        "broken.jsonl:1",
                        "select",
                        "--data",
                        data,
                        "--reflections",
                        rows("broken", "{\"id\":1"),
                        "--difficulty",
                        data,
                        "--out",
                        folder.resolve("s.jsonl")),
                new Case(
                        "no verdict on difficulty",
                        1,
                        "unrated.jsonl holds no verdict",
                        "select",
                        "--data",
                        data,
                        "--reflections",
                        rows("reflected", "{\"id\":\"z\",\"spans\":[],\"partial\":false,\"undecided\":false}"),
                        "--difficulty",
                        rows("unrated", ""),
                        "--out",
                        folder.resolve("s.jsonl")),
                new Case(
                        "no reflection",
                        1,
                        "unreflected.jsonl holds no verdict",
                        "select",
                        "--data",
                        data,
                        "--reflections",
                        rows("unreflected", ""),
                        "--difficulty",
                        rows("rated", "{\"id\":\"z\",\"ious\":[1]}"),
                        "--out",
                        folder.resolve("s.jsonl")),
                new Case(
                        "verdicts on other data",
                        1,
                        "none of the 1 reflections",
                        "select",
                        "--data",
                        data,
                        "--reflections",
                        rows("other", "{\"id\":\"z\",\"spans\":[],\"partial\":false,\"undecided\":false}"),
                        "--difficulty",
                        rows("other2", "{\"id\":\"z\",\"ious\":[1]}"),
                        "--out",
                        folder.resolve("s.jsonl")));
    }

    Stream<Case> recipes() {
        return Stream.of(
                train("a recipe that is not yaml", "a: [1", "not valid yaml"),
                train("a recipe without a method", "steps: 1", "\"method\""),
                train("an unknown key", "method: grpo\nstepz: 1\nsteps: 1\nmodel: m\ndata: d", "stepz"),
                train("a text for a number", "method: grpo\nsteps: many\nmodel: m\ndata: d", "steps"),
                train(
                        "an unknown loss",
                        "method: grpo\nsteps: 1\nmodel: m\ndata: d\ngrpo: {loss: {name: best}}",
                        "best"),
                new Case(
                        "an override without =",
                        1,
                        "key=value",
                        "train",
                        write("ok.yaml", "method: sft".getBytes(UTF_8)),
                        "steps",
                        "--out",
                        folder.resolve("t")),
                new Case(
                        "a project with an unknown key",
                        1,
                        "unknown key \"sizes\"",
                        "run",
                        write("project1.yaml", "sizes: 3".getBytes(UTF_8)),
                        "--model",
                        model,
                        "--out",
                        folder.resolve("d1")),
                new Case(
                        "a project without arms",
                        1,
                        "\"arms\"",
                        "run",
                        write("project2.yaml", "seeds: [3]".getBytes(UTF_8)),
                        "--model",
                        model,
                        "--out",
                        folder.resolve("d2")),
                new Case(
                        "an unknown setting of an agent",
                        1,
                        "unknown key \"tempo\"",
                        "reflect",
                        "--data",
                        data,
                        "--out",
                        folder.resolve("r.jsonl"),
                        "--model",
                        model,
                        "--set",
                        "tempo=3"));
    }

    Stream<Case> checkpoints() throws IOException {
        Path weights = copy("weights");
        byte[] bytes = Files.readAllBytes(weights.resolve("model.safetensors"));
        Files.write(weights.resolve("model.safetensors"), Arrays.copyOf(bytes, bytes.length / 2));
        Path missing = copy("missing");
        Files.delete(missing.resolve("model.safetensors"));
        Path shapes = copy("shapes");
        Files.writeString(
                shapes.resolve("config.json"),
                Files.readString(shapes.resolve("config.json"))
                        .replace("\"intermediate_size\" : 64", "\"intermediate_size\" : 65"));
        return Stream.of(
                checkpoint("no such checkpoint", folder.resolve("nowhere"), "is not a folder"),
                checkpoint(
                        "an empty checkpoint",
                        Files.createDirectory(folder.resolve("void")),
                        "config.json does not exist"),
                checkpoint(
                        "a config that is not JSON", with("json", "config.json", "{"), "config.json: not valid JSON"),
                checkpoint("another architecture", with("arch", "config.json", "{\"model_type\":\"llava\"}"), "llava"),
                checkpoint("a broken tokenizer", with("tok", "tokenizer.json", "{}"), "tokenizer.json"),
                checkpoint("cut weights", weights, "model.safetensors"),
                checkpoint("no weights", missing, "safetensors"),
                checkpoint("weights of another size", shapes, "has shape"));
    }

    Stream<Case> lines() {
        return Stream.of(
                new Case("no command", 2, "no command given"),
                new Case("an unknown command", 2, "paint", "paint"),
                new Case("a command with a wrong letter", 2, "did you mean ground?", "grond"),
                new Case("an option with a wrong letter", 2, "did you mean --json?", "doctor", "--jsn"),
                new Case(
                        "an option with two letters exchanged",
                        2,
                        "did you mean --json?",
                        "ground",
                        "a.mp4",
                        "x",
                        "--josn"),
                new Case("a wrong option and a missing query", 2, "did you mean --json?", "ground", "--josn", "a.mp4"),
                new Case("a query like an option", 2, "put -- before", "ground", "a.mp4", "-5 degrees"),
                new Case("a video like an option", 2, "put -- before", "ground", "-clip.mp4", "a square"),
                new Case("an unknown option", 2, "--colour", "doctor", "--colour"),
                new Case("a missing option", 2, "--out", "eval", "--data", data),
                new Case(
                        "a word for a number",
                        2,
                        "many",
                        "world",
                        "--out",
                        folder,
                        "--videos",
                        "many",
                        "--seed",
                        1,
                        "--domain",
                        "base"),
                new Case("a missing query", 2, "QUERY", "ground", video));
    }

    Stream<Case> others() {
        Path out = folder.resolve("w2");
        return Stream.of(
                new Case("an empty query", 1, "query is empty", "ground", video, "  ", "--model", model),
                new Case(
                        "an adapter that is none",
                        1,
                        "adapter_config.json",
                        "ground",
                        video,
                        "x",
                        "--model",
                        model,
                        "--adapter",
                        folder.resolve("nowhere")),
                new Case(
                        "an unknown prompt",
                        1,
                        "unknown prompt template",
                        "ground",
                        video,
                        "x",
                        "--model",
                        model,
                        "--prompt",
                        "no"),
                new Case(
                        "an unknown domain",
                        1,
                        "unknown domain",
                        "world",
                        "--out",
                        out,
                        "--videos",
                        1,
                        "--seed",
                        1,
                        "--domain",
                        "mars"),
                new Case(
                        "a share above 1",
                        1,
                        "[0, 1]",
                        "world",
                        "--out",
                        out,
                        "--videos",
                        1,
                        "--seed",
                        1,
                        "--domain",
                        "base",
                        "--partial",
                        2),
                new Case(
                        "another world in the folder",
                        1,
                        "another world",
                        "world",
                        "--out",
                        folder.resolve("world"),
                        "--videos",
                        1,
                        "--seed",
                        99,
                        "--domain",
                        "base"),
                new Case(
                        "an unknown policy",
                        1,
                        "unknown policy",
                        "select",
                        "--data",
                        data,
                        "--reflections",
                        data,
                        "--difficulty",
                        data,
                        "--out",
                        out,
                        "--policy",
                        "guess"),
                new Case(
                        "a part that is none",
                        1,
                        "--part must be like",
                        "features",
                        "--data",
                        data,
                        "--model",
                        model,
                        "--part",
                        "3/2"),
                new Case("a report on nothing", 1, "is not a folder", "report", folder.resolve("nothing")),
                new Case(
                        "annotations of no known format",
                        1,
                        "not a known annotation format",
                        "convert",
                        write("rows.csv", "id,start,end\n1,2,3\n".getBytes(UTF_8)),
                        "--videos",
                        folder,
                        "--out",
                        out),
                new Case(
                        "an unknown annotation format",
                        1,
                        "unknown annotation format \"coco\"",
                        "convert",
                        data,
                        "--from",
                        "coco",
                        "--out",
                        out),
                new Case(
                        "annotations named otherwise than they are",
                        1,
                        "not of the format charades-sta",
                        "convert",
                        data,
                        "--from",
                        "charades-sta",
                        "--out",
                        out),
                new Case(
                        "a format that can't be written",
                        1,
                        "can't write \"rextime\"",
                        "convert",
                        data,
                        "--to",
                        "rextime",
                        "--out",
                        out),
                new Case("a conversion to nowhere", 1, "--out FILE is missing", "convert", data),
                new Case("an unknown quirk", 1, "unknown quirk \"odd\"", "convert", data, "--fix", "odd", "--out", out),
                new Case(
                        "annotations without durations",
                        1,
                        "has no durations",
                        "convert",
                        write("sta.txt", "X 1 2##y".getBytes(UTF_8)),
                        "--out",
                        folder.resolve("c.jsonl")),
                new Case(
                        "a bad row under --strict",
                        1,
                        "sta2.txt:2: a row must be",
                        "convert",
                        write("sta2.txt", "X 1 2##y\nX 1 2\n".getBytes(UTF_8)),
                        "--strict",
                        "--out",
                        folder.resolve("c.jsonl")),
                new Case(
                        "annotations without their videos",
                        1,
                        "none of the 1 annotated videos",
                        "convert",
                        write("sta.txt", "X 1 2##y".getBytes(UTF_8)),
                        "--videos",
                        folder,
                        "--out",
                        folder.resolve("c.jsonl")));
    }

    private Case ground(String name, Path file, String says) {
        return new Case(name, 1, says, "ground", file, "a red square blinks", "--model", model);
    }

    private Case eval(String name, Path file, String says) {
        return new Case(name, 1, says, "eval", "--data", file, "--out", folder.resolve("eval"), "--model", model);
    }

    private Case train(String name, String yaml, String says) {
        return new Case(
                name,
                1,
                says,
                "train",
                write(name.replace(' ', '-') + ".yaml", yaml.getBytes(UTF_8)),
                "--out",
                folder.resolve("t"));
    }

    private Case checkpoint(String name, Path path, String says) {
        return new Case(name, 1, says, "ground", video, "a red square blinks", "--model", path);
    }

    private Path rows(String name, String... rows) {
        return write(name + ".jsonl", String.join("\n", List.of(rows)).getBytes(UTF_8));
    }

    private Path with(String name, String file, String text) throws IOException {
        Path copy = copy(name);
        Files.writeString(copy.resolve(file), text);
        return copy;
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("models").resolve(name));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private Path write(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
