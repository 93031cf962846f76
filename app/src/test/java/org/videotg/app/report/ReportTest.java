package org.videotg.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.PairedBootstrap;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Samples;

class ReportTest {
    @TempDir
    private static Path shared;

    private static Path run;
    private static String page;

    @TempDir
    private Path folder;

    @BeforeAll
    static void write() throws IOException {
        run = shared.resolve("run");
        FakeRun.write(run, 240, 120);
        page = Files.readString(Report.write(run));
    }

    @Test
    void theSectionsStandInTheirOrder() {
        List<String> order = List.of(
                "<h1>",
                "class=\"result\"",
                "<h2>Arms</h2>",
                "<h2>Training</h2>",
                "<h2>Difficulty</h2>",
                "<h2>Boundary reflection against the planted truth</h2>",
                "<h2>Samples</h2>",
                "<h2>Pool and cost of the agents</h2>",
                "<h2>Manifest</h2>",
                "Published (VideoTG-R1");
        int at = 0;
        for (String next : order) {
            int found = page.indexOf(next, at);
            assertTrue(found >= 0, next + " is missing or out of order");
            at = found;
        }
        assertEquals(12, page.split("<article>", -1).length - 1);
        assertEquals(12, page.split("data:image/jpeg;base64,", -1).length - 1);
    }

    @Test
    void nothingIsLoadedAndNoTextOfAFileBecomesMarkup() {
        assertEquals(2, page.split("<script", -1).length, "a query has become a script");
        String text = page.replaceAll("base64,[A-Za-z0-9+/=]*", "");
        assertEquals(
                List.of(),
                Pattern.compile("(?i)(src|href|url\\()\\s*=?\\s*[\"']?(https?:|//)")
                        .matcher(text)
                        .results()
                        .map(found -> text.substring(found.start(), found.end()))
                        .toList());
        assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
        assertTrue(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"));
    }

    @Test
    void everyPictureHasATextAlternativeAndTheMarkupIsBalanced() throws Exception {
        var pictures = Pattern.compile("<svg [^>]*>").matcher(page);
        while (pictures.find()) {
            assertTrue(
                    pictures.group().contains("aria-label=\"")
                            || pictures.group().contains("aria-hidden"),
                    pictures.group());
        }
        String body = page.substring(page.indexOf("<body>"), page.indexOf("</html>"))
                .replaceAll("(<(?:img|meta)\\b[^>]*)>", "$1/>")
                .replaceAll("(?s)<script>.*</script>", "");
        var parser = javax.xml.parsers.SAXParserFactory.newInstance().newSAXParser();
        parser.parse(new org.xml.sax.InputSource(new StringReader(body)), new org.xml.sax.helpers.DefaultHandler());
    }

    @Test
    void theNumbersAreThoseOfTheFiles() {
        GroundingMetrics metrics =
                GroundingMetrics.of(Prediction.read(run.resolve("arms/method-grpo/eval/predictions.jsonl")));
        String miou = String.format(Locale.ROOT, "%.3f", metrics.miou());
        assertTrue(
                Pattern.compile("<th scope=\"row\">Method, GRPO</th><td data-name=\"mIoU\">(<strong>)?" + miou + "<")
                        .matcher(page)
                        .find(),
                miou);
        assertTrue(page.contains("mIoU " + miou + " against "));
        assertEquals(
                2,
                page.split("metric profile videotg, prompt own, frames per second 2.0", -1).length,
                "said once for all arms");
        assertTrue(
                page.replaceAll(" data-name=\"[^\"]*\"", "")
                        .contains("<td>34</td><td>34%</td><td>4.94 M</td><td>28%</td>"),
                "22 + 11.5 CPU s, a third the agents'");
    }

    @Test
    void theSameRunGivesTheSamePage() throws IOException {
        assertEquals(page, Files.readString(Report.write(run)));
    }

    @Test
    void theHeadlineSaysWhatTheIntervalAllows() {
        PairedBootstrap difference = PairedBootstrap.of(
                Prediction.read(run.resolve("arms/method-grpo/eval/predictions.jsonl")),
                Prediction.read(run.resolve("arms/grpo-all/eval/predictions.jsonl")),
                Prediction::iou,
                5000,
                0);
        String said = difference.low() > 0
                ? "The method beats “GRPO on all”"
                : difference.high() < 0
                        ? "The method falls behind “GRPO on all”"
                        : "The method can&#39;t be told apart from “GRPO on all”";
        assertTrue(page.contains(said), said);
    }

    @Test
    void aTrainingRunAloneHasAReport() throws IOException {
        Path arm = Files.createDirectories(folder.resolve("training"));
        Files.copy(run.resolve("arms/grpo-all/metrics.jsonl"), arm.resolve("metrics.jsonl"));
        Files.writeString(arm.resolve("metrics.jsonl"), "{\"step\":240,\"rew", java.nio.file.StandardOpenOption.APPEND);
        String alone = Files.readString(Report.write(arm));
        assertTrue(
                alone.contains("240 training steps; mean reward 0."), "the line that is being written must not count");
        assertTrue(alone.contains("<figcaption>Reward on the arm&#39;s own training samples by step"));
        assertTrue(alone.contains("No agents/reflections.jsonl"));
        assertFalse(alone.contains("could not be read"));
    }

    @Test
    void anEvaluationAloneHasAReport() throws IOException {
        Path eval = Files.createDirectories(folder.resolve("eval-only"));
        Files.copy(run.resolve("arms/sft-all/eval/predictions.jsonl"), eval.resolve("predictions.jsonl"));
        String alone = Files.readString(Report.write(eval));
        assertTrue(alone.contains("R1@0.5"));
        assertTrue(alone.contains("No metrics.jsonl"));
    }

    @Test
    void brokenPartsAreSaidAndTheRestIsShown() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken/world"));
        Files.copy(run.resolve("world/test.jsonl"), broken.resolve("test.jsonl"));
        Files.writeString(broken.resolve("truth.jsonl"), "{\"id\":\"a\"}\n");
        Path eval = Files.createDirectories(folder.resolve("broken/arms/zero-shot/eval"));
        Files.copy(run.resolve("arms/zero-shot/eval/predictions.jsonl"), eval.resolve("predictions.jsonl"));
        String text = Files.readString(Report.write(folder.resolve("broken")));
        assertTrue(text.contains("truth.jsonl:1: &quot;id&quot; or &quot;intervals&quot; is missing"));
        assertTrue(text.contains("No frames: "), "the videos are missing");
        assertEquals(6, text.split("<article>", -1).length - 1);
        assertEquals(120, Samples.read(broken.resolve("test.jsonl")).size());
    }

    @Test
    void damagedRowsOfATrainingAndMissingOnesAreSaid() throws IOException {
        Path training = Files.createDirectories(folder.resolve("damaged"));
        Path metrics = training.resolve("metrics.jsonl");
        String first = Jsonl.checkedLine(Map.of("step", 0, "reward", 0.25)) + "\n";
        String second = Jsonl.checkedLine(Map.of("step", 1, "reward", 0.5)) + "\n";
        Files.writeString(training.resolve("compute.json"), "{\"steps\":2}");
        Files.writeString(metrics, first + second);
        assertFalse(Files.readString(Report.write(training)).contains("could not be read"));
        for (String left : List.of(first, first + second.substring(0, 20))) {
            Files.writeString(metrics, left);
            assertTrue(
                    Files.readString(Report.write(training))
                            .contains("metrics.jsonl has 1 of the 2 steps that the training took"),
                    left);
        }
        Files.writeString(metrics, first.replace("0.25", "0.75") + second);
        assertTrue(Files.readString(Report.write(training)).contains("metrics.jsonl:1: the row is damaged"));
        Files.writeString(metrics, "");
        assertEquals(
                List.of(metrics + " has 0 of the 2 steps that the training took"),
                RunReader.read(training).notes());
        Optional<Path> empty = Optional.of(Files.createFile(folder.resolve("empty.jsonl")));
        InputException refused =
                assertThrows(InputException.class, () -> Report.write(training, empty, Optional.empty()));
        assertTrue(refused.getMessage().contains("empty.jsonl holds no verdict; run ./videotg reflect first"));
    }

    @Test
    void theFirstParagraphSaysWhatGroundingIsWhatWasComparedAndHowCertainItIs() {
        String lead = page.substring(page.indexOf("<p class=\"lead\">"), page.indexOf("</header>"));
        for (String part : List.of(
                "Video temporal grounding means",
                "IoU, the overlap",
                "This run compares",
                "mIoU ",
                "95% interval",
                "This is one run")) {
            assertTrue(lead.contains(part), part);
        }
        for (String entry : List.of("<a href=\"#arms\">Arms</a>", "<a href=\"#difficulty\">Difficulty</a>")) {
            assertTrue(page.contains(entry), entry);
        }
        assertTrue(page.contains("<section id=\"difficulty\"><h2>Difficulty</h2>"));
    }

    /** Where training ran alone, what its manifest names leads to the verdicts and to what it was trained on. */
    @Test
    void theVerdictsOfATrainingRunAreFoundAroundItsData() throws IOException {
        Path data = Files.createDirectories(folder.resolve("curated/selections"));
        Files.copy(run.resolve("selected.jsonl"), data.resolve("selected.jsonl"));
        Files.createDirectories(folder.resolve("curated/agents"));
        Files.copy(run.resolve("agents/difficulty.jsonl"), folder.resolve("curated/agents/difficulty.jsonl"));
        Path training = Files.createDirectories(folder.resolve("trained"));
        Files.copy(run.resolve("arms/grpo-all/metrics.jsonl"), training.resolve("metrics.jsonl"));
        String file = data.resolve("selected.jsonl").toString();
        Files.writeString(
                training.resolve("manifest.json"),
                Json.line(Map.of("command", List.of("videotg"), "startTime", "now", "data", Map.of(file, "hash"))));
        String alone = Files.readString(Report.write(training));
        int selected = Samples.read(data.resolve("selected.jsonl")).size();
        assertTrue(alone.contains("; " + selected + " of all rated ones are selected"), "not: 0 are selected");
        assertTrue(alone.contains("of the selected ones 0."), "the mean difficulty of both");
        Files.delete(training.resolve("manifest.json"));
        Files.copy(run.resolve("agents/difficulty.jsonl"), training.resolve("difficulty.jsonl"));
        assertTrue(Files.readString(Report.write(training)).contains("which of them were selected is not known"));
    }

    /** A run on real data: verdicts beside the run's files or given by option, and no planted truth. */
    @Test
    void verdictsOfRealDataAreFoundAndNotHeldAgainstAPlantedTruth() throws IOException {
        Path real = Files.createDirectories(folder.resolve("real"));
        Files.copy(run.resolve("selected.jsonl"), real.resolve("selected.jsonl"));
        Path verdicts = Files.copy(run.resolve("agents/reflections.jsonl"), folder.resolve("verdicts.jsonl"));
        String given = Files.readString(Report.write(real, Optional.of(verdicts), Optional.empty()));
        assertTrue(given.contains("It judged 180 samples"), "the verdicts of the option");
        assertFalse(given.contains("planted truth"), "there is none");
        assertTrue(given.contains("Nobody has compared these verdicts with the videos"));
        assertTrue(Files.readString(Report.write(real)).contains("No agents/reflections.jsonl"));
        Files.move(verdicts, real.resolve("reflections.jsonl"));
        assertEquals(given, Files.readString(Report.write(real)), "verdicts in the run's folder");
        Optional<Path> missing = Optional.of(folder.resolve("none.jsonl"));
        assertThrows(InputException.class, () -> Report.write(real, missing, Optional.empty()));
    }

    /** Files written before arms had roles. */
    @Test
    void theRoleOfAnArmIsWrittenDownOrFollowsFromItsName() throws IOException {
        Path old = Files.createDirectories(folder.resolve("old"));
        String arms = Files.readString(run.resolve("arms.json"));
        assertTrue(arms.contains("\"role\""));
        Files.writeString(old.resolve("arms.json"), arms.replaceAll("\"role\" : \"[a-z-]+\",?", ""));
        assertEquals(roles(RunReader.read(run)), roles(RunReader.read(old)));
        assertEquals(
                List.of(Arm.Role.ZERO_SHOT, Arm.Role.OTHER, Arm.Role.REFERENCE),
                roles(RunReader.read(run)).subList(0, 3));
        Files.writeString(old.resolve("arms.json"), """
                [{"name": "a", "role": "method"},
                 {"name": "method-grpo", "role": "other"},
                 {"name": "b", "role": "reference"}]
                """);
        assertEquals(List.of(Arm.Role.METHOD, Arm.Role.OTHER, Arm.Role.REFERENCE), roles(RunReader.read(old)));
    }

    private static List<Arm.Role> roles(RunParts run) {
        return run.arms().stream().map(Arm::role).toList();
    }

    @Test
    void aFolderWithoutARunIsAnError() {
        assertThrows(InputException.class, () -> Report.write(folder.resolve("nowhere")));
        assertThrows(InputException.class, () -> Report.write(folder));
    }
}
