package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.benchmarks.profile.MetricProfile;
import org.videotg.core.io.Json;

class ScoreCommandTest {
    @TempDir
    private Path folder;

    private Path annotations;
    private Path predictions;

    @BeforeEach
    void write() throws IOException {
        annotations = Files.writeString(
                folder.resolve("annotations.json"),
                "{\"v1\":{\"duration\":30,\"timestamps\":[[0,10],[2,8]],"
                        + "\"sentences\":[\"a cat\",\"a dog\"]},\"v2\":{\"duration\":20,\"timestamps\":[[1,3]],\"sentences\":[\"a "
                        + "bird\"]}}");
        predictions = Files.writeString(
                folder.resolve("predictions.jsonl"),
                "{\"id\":\"v1#0\",\"intervals\":[[0,5]],\"reply\":\"0.0 to 5.0\",\"iou\":0.5}\n"
                        + "{\"id\":\"v1#1\",\"intervals\":[],\"reply\":\"no idea\",\"iou\":0}\n");
    }

    private Cli score(Object... more) {
        Object[] line = new Object[more.length + 5];
        System.arraycopy(
                new Object[] {"score", "--predictions", predictions, "--annotations", annotations}, 0, line, 0, 5);
        System.arraycopy(more, 0, line, 5, more.length);
        return Cli.run(line);
    }

    @Test
    void jsonHasTheEvaluatorsNamesInOneLineAProfile() {
        Cli run = score("--profile", "timer1", "--profile", "timezero", "--json");
        assertEquals(0, run.code(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(2, lines.size());
        assertEquals(
                "{\"profile\":\"timer1\",\"n\":2,\"unparsable\":1,\"missing\":1,\"metrics\":{\"mIoU\":25.0,"
                        + "\"0.3\":50.0,\"0.5\":0.0,"
                        + "\"0.7\":0.0,\"avg\":18.75}}",
                lines.get(0));
        assertEquals(
                0.5, Json.parse(lines.get(1), "second").at("/metrics/R@0.5").asDouble());
    }

    @Test
    void explainSaysWhyRowsDiffer() {
        Cli run = score("--profile", "timer1", "--profile", "timezero", "--explain");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("profile timer1: N 2, unparsable 1, missing 1"), run.out());
        assertTrue(run.out().contains("timer1 and timezero differ on 1 of 3 rows"), run.out());
        assertTrue(
                run.out()
                        .contains("  v1#0: timer1 [0.0, 5.0] IoU 0.500000 passes [0.3] | timezero [0.0, 5.0] IoU "
                                + "0.500000 passes "
                                + "[0.3, 0.5] | the IoU is a threshold itself"),
                run.out());
        assertFalse(run.out().contains("  v1#1: "), run.out());
        JsonNode json = Json.parse(
                score("--profile", "timer1", "--profile", "timezero", "--explain", "--json")
                        .out()
                        .lines()
                        .reduce((a, b) -> b)
                        .orElseThrow(),
                "third line");
        assertEquals("v1#0", json.at("/differences/0/id").asText());
        assertEquals(1, json.at("/reasons/the IoU is a threshold itself").asInt());
    }

    @Test
    void numbersForPeopleAreRounded() throws IOException {
        Path own = Files.writeString(
                folder.resolve("rounded.jsonl"),
                "{\"id\":\"v1#0\",\"intervals\":[[0.1,3.7599999999999993]],\"iou\":0}\n");
        Cli run = Cli.good(
                "score",
                "--predictions",
                own,
                "--annotations",
                annotations,
                "--profile",
                "timer1",
                "--profile",
                "timelens",
                "--explain");
        assertTrue(run.out().contains("v1#0: timer1 [0.1, 3.76] IoU"), run.out());
        assertTrue(run.out().contains("(rounded from [0.1, 3.76])"), run.out());
        assertFalse(run.out().contains("99999"), run.out());
    }

    @Test
    void theHelpNamesEveryProfile() {
        String help = Cli.good("score", "--help").out();
        MetricProfile.names().forEach(name -> assertTrue(help.contains(name), help));
    }

    @Test
    void theReportSaysHowThePredictionsWereMade() throws IOException {
        assertTrue(score("--profile", "timer1")
                .out()
                .contains("prompt, fps and pixel budget: not stated with the predictions"));
        Files.writeString(
                folder.resolve("metrics.json"), "{\"prompt\":\"own\",\"fps\":2.0,\"pixelBudget\":\"total 100\"}");
        assertTrue(score("--profile", "timer1").out().contains("prompt own, 2.0 fps, total 100"));
    }

    @Test
    void wholeVideoNeedsDurations() throws IOException {
        Cli run = Cli.good(
                "score",
                "--predictions",
                "whole-video",
                "--annotations",
                annotations,
                "--profile",
                "timezero",
                "--json");
        assertEquals(3, Json.parse(run.out(), "out").get("n").asInt());
        Path sta = Files.writeString(folder.resolve("sta.txt"), "V1 0 10##a cat\n");
        fails("has no duration", "--predictions", "whole-video", "--annotations", sta, "--profile", "timezero");
        Path durations = Files.writeString(folder.resolve("d.csv"), "id,length\nV1,20\n");
        Cli timed = Cli.good(
                "score",
                "--predictions",
                "whole-video",
                "--annotations",
                sta,
                "--annotations",
                durations,
                "--profile",
                "videomind",
                "--json");
        assertEquals(50.0, Json.parse(timed.out(), "out").at("/metrics/mIoU").asDouble());
    }

    @Test
    void wrongUseAndBadFilesAreOneLine() throws IOException {
        fails(
                "unknown profile \"iou\"",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "iou");
        fails(
                "give a second --profile",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "timer1",
                "--explain");
        fails("give --annotations", "--predictions", predictions, "--profile", "timer1");
        fails(
                "give the unit (--unit): 0.1 for Charades-STA",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "videomind");
        fails(
                "must be a positive number",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "videomind",
                "--unit",
                "0");
        fails(
                "--fractions is for profile nextgqa",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "timer1",
                "--fractions");
        fails(
                "--unit is for profile videomind",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "timer1",
                "--unit",
                "0.1");
        fails(
                "does not exist",
                "--predictions",
                folder.resolve("none"),
                "--annotations",
                annotations,
                "--profile",
                "timer1");
        fails("needs --annotations", "--predictions", "whole-video", "--profile", "timer1");
        fails(
                "needs a prediction for every annotated row",
                "--predictions",
                predictions,
                "--annotations",
                annotations,
                "--profile",
                "moment-detr");
        Path other = Files.writeString(folder.resolve("other.jsonl"), "{\"id\":\"x\",\"intervals\":[[0,5]]}\n");
        fails(
                "no prediction belongs to any annotated row",
                "--predictions",
                other,
                "--annotations",
                annotations,
                "--profile",
                "timer1");
        assertEquals(2, Cli.run("score", "--predictions", predictions).code());
        Cli warned = Cli.good(
                "score",
                "--predictions",
                predictions,
                "--predictions",
                other,
                "--annotations",
                annotations,
                "--profile",
                "timer1");
        assertTrue(warned.err().contains("warning: 1 predictions belong to no annotated row"), warned.err());
    }

    private static void fails(String says, Object... options) {
        Object[] line = new Object[options.length + 1];
        line[0] = "score";
        System.arraycopy(options, 0, line, 1, options.length);
        Cli run = Cli.run(line);
        assertEquals(1, run.code(), run.err());
        assertEquals(1, run.errors().size(), run.err());
        assertTrue(run.err().contains(says), run.err());
        assertFalse(run.err().contains("a defect of this program"), run.err());
    }
}
