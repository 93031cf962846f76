package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.core.io.Json;
import org.videotg.core.io.SharedData;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.video.Mp4Writer;

class ConvertTest {
    private static final int SIDE = 32;

    @TempDir
    Path folder;

    private Path rows;
    private Path durations;
    private Path videos;

    @BeforeEach
    void files() throws IOException {
        rows = write(
                "sta.txt",
                "AB1 1.0 7.5##a person sits.\nAB1 nine 8##bad\nCD2 9 3##someone waves\nEF3 0 1##nobody\n"
                        + "AB1 1.0 12##a person stands.\nCD2 2 2##a blink\n");
        durations = write("durations.csv", "id,length\nAB1,10.5\nCD2,11\nEF3,8\n");
        videos = folder.resolve("videos");
        video("videos/AB1.mp4", 21);
        video("videos/deep/v_CD2.mkv", 22);
    }

    @Test
    void everythingOddIsReportedAndNothingChanged() {
        Path out = folder.resolve("out/own.jsonl");
        Cli run = Cli.good("convert", rows, "--durations", durations, "--videos", videos, "--out", out);
        assertTrue(run.out().startsWith(out + ": 4 samples, 1 videos missing (read as charades-sta)\n"), run.out());
        assertTrue(run.out().contains("1 reversed ") && run.out().contains("(CD2#0 ...)"), run.out());
        assertTrue(run.out().contains("1 beyond ") && run.out().contains("1 zero-length "), run.out());
        assertTrue(run.err().contains("warning: " + rows + ":2: a row must be"), run.err());
        assertTrue(run.err().contains("warning: video EF3 is missing (1 rows)"), run.err());
        assertTrue(run.out().contains("1 missing videos    EF3\n"), run.out());
        List<Sample> samples = Samples.read(out);
        assertEquals(
                List.of("AB1#0", "CD2#0", "AB1#1", "CD2#1"),
                samples.stream().map(Sample::id).toList());
        assertEquals("../videos/deep/v_CD2.mkv", samples.get(1).video());
        assertEquals(List.of(new Interval(9, 3)), samples.get(1).intervals());
        assertEquals(10.5, samples.get(0).duration());
    }

    @Test
    void rolloutsOfAFileAreDifficultyThatSelectTakes() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            lines.append("{\"video_path\":\"v" + i + ".mp4\",\"duration\":20,\"query\":\"q\",\"span\":[[0,10],[15,20]],"
                    + "\"rollouts\":[\"[[0, " + (i + 1) + "]]\",\"no\"]}\n");
        }
        Path file = write(
                "rollouts.jsonl",
                lines + "{\"video_path\":\"w.mp4\",\"duration\":20,\"query\":\"q\","
                        + "\"span\":[0,10],\"rollouts\":[]}\n");
        Path out = folder.resolve("train.jsonl");
        Path difficulty = folder.resolve("difficulty.jsonl");
        Cli run = Cli.good("convert", file, "--out", out, "--difficulty", difficulty);
        assertTrue(run.out().contains("(read as timelens2)"), run.out());
        assertTrue(run.err().contains("1 samples have no rollouts, such as w.mp4#0"), run.err());
        DifficultyVerdict second =
                AgentRun.read(difficulty, DifficultyVerdict.class).get("v1.mp4#0");
        assertEquals(List.of(2 / 15.0, 0.0), second.ious());
        assertEquals(1, second.parseFailures());
        assertTrue(second.hard());
        Path selected = folder.resolve("selected.jsonl");
        Cli.good(
                "select",
                "--data",
                out,
                "--difficulty",
                difficulty,
                "--strategy",
                "inverse-iou",
                "--fraction",
                "0.4",
                "--out",
                selected);
        assertEquals(4, Samples.read(selected).size());
        Cli bad = Cli.run("convert", rows, "--durations", durations, "--check", "--difficulty", difficulty);
        assertTrue(bad.err().contains("has \"rollouts\""), bad.err());
    }

    @Test
    void aFileOfADataSetIsNamedAsHuggingFaceHubNamesIt() {
        Cli bad = Cli.run("convert", "hf://datasets/maker/moments", "--check");
        assertTrue(bad.err().contains("hf://datasets/OWNER/NAME[@REVISION]/PATH"), bad.err());
    }

    @Test
    void fixesDoWhatTheySay() {
        Path out = folder.resolve("own.jsonl");
        Cli run = Cli.good(
                "convert",
                rows,
                "--durations",
                durations,
                "--videos",
                videos,
                "--out",
                out,
                "--fix",
                "reversed,beyond",
                "--json");
        JsonNode json = Json.parse(run.out(), "stdout");
        assertEquals("{\"reversed\":1,\"beyond\":1}", json.path("fixed").toString());
        assertEquals(
                "{\"reversed\":1,\"beyond\":1,\"zero-length\":1}",
                json.path("quirks").toString());
        assertEquals("[\"EF3\"]", json.path("missing").toString());
        assertEquals(1, json.path("bad").size());
        assertEquals(5, json.path("rows").asInt());
        assertEquals(List.of(new Interval(3, 9)), Samples.read(out).get(1).intervals());
        assertEquals(List.of(new Interval(1, 10.5)), Samples.read(out).get(2).intervals());
        Cli.good("convert", rows, "--durations", durations, "--out", out, "--fix");
        assertEquals(
                List.of("AB1#0", "CD2#0", "EF3#0", "AB1#1"),
                Samples.read(out).stream().map(Sample::id).toList());
    }

    @Test
    void strictWritesNothing() throws IOException {
        Path out = folder.resolve("strict.jsonl");
        assertStrict("AB1 nine 8##bad", rows, out);
        Path whole = write("whole.txt", "AB1 1.0 7.5##a person sits.\nEF3 0 1##nobody\n");
        assertStrict("1 annotated videos are missing, such as EF3", whole, out, "--videos", videos);
        Path unknown = write("unknown.txt", "AB1 1.0 7.5##a person sits.\nGH4 0 1##nobody\n");
        assertStrict("1 rows have no duration, such as GH4#0", unknown, out);
        assertFalse(Files.exists(out));
    }

    @Test
    void aCheckWritesNothingAndKnowsOurOwnVideos() throws IOException {
        Path data = write("data/set.jsonl", """
                {"id":"a","video":"../videos/AB1.mp4","duration":10.5,"query":"q","intervals":[[1,2]]}
                {"id":"b","video":"../videos/gone.mp4","duration":10.5,"query":"q","intervals":[[1,2]]}
                """);
        byte[] before = Files.readAllBytes(data);
        Cli run = Cli.good("convert", data, "--check");
        assertTrue(run.out().startsWith(data + ": 2 samples, 1 videos missing (read as own)"), run.out());
        assertTrue(run.err().contains("video ../videos/gone.mp4"), run.err());
        assertArrayEquals(before, Files.readAllBytes(data));
    }

    @Test
    void aCheckReportsRowsOfUnknownDuration() throws IOException {
        Cli run = Cli.good("convert", rows, "--check");
        assertTrue(
                run.out()
                        .startsWith(rows + ": 0 samples, 5 rows of unknown duration, videos not looked for (read as "
                                + "charades-sta)\n"),
                run.out());
        assertTrue(run.out().contains("1 reversed ") && run.out().contains("1 zero-length "), run.out());
        assertTrue(run.err().contains("no row has a duration, which a sample needs: give --durations"), run.err());
        assertTrue(run.err().contains(rows + ":2: a row must be"), run.err());
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Cli none = Cli.good("convert", rows, "--videos", empty, "--check", "--json");
        assertEquals(3, Json.parse(none.out(), "stdout").path("missing").size());
        Cli written = Cli.run("convert", rows, "--out", folder.resolve("never.jsonl"));
        assertEquals(1, written.code());
        assertTrue(written.err().contains("has no durations; give --durations CSV"), written.err());
    }

    @Test
    void missingVideosAreWrittenToAFile() throws IOException {
        Path list = folder.resolve("missing.txt");
        Cli.good("convert", rows, "--durations", durations, "--videos", videos, "--check", "--missing", list);
        assertEquals("EF3\n", Files.readString(list));
    }

    @Test
    void pathsThatLeadFarUpAreAbsolute() {
        Path near = folder.resolve("a/b/own.jsonl");
        Cli.good("convert", rows, "--durations", durations, "--videos", videos, "--out", near);
        assertEquals("../../videos/AB1.mp4", Samples.read(near).get(0).video());
        Path far = folder.resolve("a/b/c/own.jsonl");
        Cli.good("convert", rows, "--durations", durations, "--videos", videos, "--out", far);
        assertEquals(
                videos.resolve("AB1.mp4").toString(), Samples.read(far).get(0).video());
    }

    @Test
    void questionsOfNextGqaAreNeeded() throws IOException {
        Path located = write("gsub.json", "{\"12\":{\"duration\":9,\"location\":{\"3\":[[1.5,4]]}}}");
        Cli run = Cli.run("convert", located, "--check");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("give it with --questions val.csv"), run.err());
        Path questions = write("val.csv", "video_id,question,answer,qid,type,a0,a1\n12,why,q,3,TP,p,q\n");
        assertTrue(Cli.good("convert", located, "--questions", questions, "--check")
                .out()
                .contains("1 samples"));
    }

    @Test
    void theHelpNamesEveryFormatAndQuirk() {
        String help = Cli.good("convert", "--help").out();
        for (String name : List.of("charades-sta", "timechat", "nextqa", "llama-factory", "ambiguous-answer")) {
            assertTrue(help.contains(name), help);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timer1,back.json",
        "timelens,back.jsonl",
        "easyr1,back.json",
        "easyr1,back.jsonl",
        "ms-swift,back.jsonl",
        "llama-factory,back.json",
        "own,back.jsonl"
    })
    void thereAndBackGivesTheSameFile(String format, String name) throws IOException {
        Path first = folder.resolve("first/own.jsonl");
        Cli.good("convert", rows, "--durations", durations, "--videos", videos, "--out", first);
        Path there = folder.resolve("there/in/" + name);
        Cli.good("convert", first, "--to", format, "--out", there);
        Path back = folder.resolve("first/back.jsonl");
        Cli.good("convert", there, "--out", back);
        assertEquals(Files.readString(first), Files.readString(back));
        assertTrue(Files.readString(there).contains("../../videos/AB1.mp4"), "relative to its own folder");
    }

    @Test
    void aClipOfAWholeVideoGetsItsStartAndEndAndATrainerThatCannotReadThemIsNamed() throws IOException {
        Path highlights = write(
                "qvh.jsonl",
                "{\"qid\":7,\"query\":\"q\",\"duration\":150,\"vid\":\"yt_60.0_210.0\",\"relevant_windows\":[[2,8]]}\n");
        Path own = folder.resolve("qvh/own.jsonl");
        video("whole/yt_60.0_210.0.mp4", 300);
        Cli.good("convert", highlights, "--videos", folder.resolve("whole"), "--out", own);
        assertFalse(Annotation.of(Samples.read(own).get(0)).isClip());
        Path clip = write(
                "clip.json",
                "[{\"video\":\"yt.mp4\",\"duration\":150,\"timestamp\":[2,8],\"sentence\":\"q\","
                        + "\"qid\":\"7\",\"video_start\":60.0,\"video_end\":210.0}]");
        Cli run = Cli.good("convert", clip, "--to", "easyr1", "--out", folder.resolve("easy.json"));
        assertTrue(
                run.err().contains("1 samples (7 ...): it is a clip, whose start and end EasyR1 does not read"),
                run.err());
        assertTrue(run.out().contains("1 clips"), run.out());
    }

    @ParameterizedTest
    @CsvSource({"timer1,.json", "timelens,.jsonl", "easyr1,.jsonl", "ms-swift,.jsonl", "llama-factory,.json"})
    void realRowsComeBackTheSame(String format, String suffix) {
        Path bench = SharedData.file("time-r1/tvgbench.json");
        Path first = folder.resolve("first.jsonl");
        Cli.good("convert", bench, "--out", first);
        Path there = folder.resolve("there" + suffix);
        Cli.good("convert", first, "--to", format, "--out", there);
        Path back = folder.resolve("back.jsonl");
        Cli.good("convert", there, "--out", back);
        assertEquals(800, Samples.read(back).size());
        assertEquals(Samples.read(first), Samples.read(back));
    }

    private void assertStrict(String says, Path file, Path out, Object... more) {
        List<Object> line = new ArrayList<>(List.of("convert", file, "--durations", durations, "--strict"));
        line.addAll(List.of("--out", out));
        line.addAll(List.of(more));
        Cli run = Cli.run(line.toArray());
        assertEquals(1, run.code());
        assertTrue(run.err().contains(says), run.err());
    }

    /** A dark video of two frames a second. */
    private void video(String name, int frames) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path mp4 = folder.resolve("new.mp4");
        Mp4Writer.write(
                mp4,
                SIDE,
                SIDE,
                2,
                IntStream.range(0, frames)
                        .mapToObj(i -> new byte[3 * SIDE * SIDE])
                        .iterator(),
                Mp4Writer.CRISP);
        Files.move(mp4, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
