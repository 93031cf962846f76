package org.videotg.app.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Interval;
import org.videotg.training.run.RunFolder;
import org.videotg.training.trainer.RolloutGroup;
import org.videotg.web.TestBrowser;

/** The page in Chromium, over runs that begin, grow, are resumed and end. */
class WatchPageTest {
    private static final String MARKUP = "<img src=x onerror=\"document.title='owned'\">";

    @TempDir
    private Path folder;

    private TestBrowser browser;

    private static Map<String, Object> row(int step, double reward) {
        return Map.ofEntries(
                Map.entry("step", step),
                Map.entry("reward", reward),
                Map.entry("rewardStd", 0.2),
                Map.entry("noSignal", 0.25),
                Map.entry("maskRatio", 0.5),
                Map.entry("tokensPerSecond", 1234.0),
                Map.entry("memoryBytes", 1_500_000_000L),
                Map.entry("reward." + MARKUP, 0.1),
                Map.entry("seconds", 2.0 * step));
    }

    private RunFolder begin(String name, int steps) {
        RunFolder run = new RunFolder(folder.resolve("arms").resolve(name));
        RunManifest.start(List.of("train"), Instant.EPOCH)
                .withNote("steps", "100")
                .write(run.path());
        JsonlLog.write(
                run.metrics(),
                IntStream.range(0, steps)
                        .mapToObj(step -> row(step, step / 100.0))
                        .toList());
        return run;
    }

    private static void rollouts(RunFolder run, int... steps) {
        RolloutGroup group = new RolloutGroup(
                "s1" + MARKUP,
                "a person sits down " + MARKUP,
                10,
                List.of(new Interval(2, 4)),
                0.5,
                List.of(
                        new RolloutGroup.Rollout("2.0 to 4.5 " + MARKUP, List.of(new Interval(2, 4.5)), 0.75, Map.of()),
                        new RolloutGroup.Rollout("x".repeat(900), List.of(), 0, Map.of("iou", 0.0))));
        JsonlLog.write(
                run.rollouts(),
                IntStream.of(steps)
                        .mapToObj(step -> new WatchedRun.Rollouts(step, List.of(group)))
                        .toList());
    }

    @Test
    void runsAreShownAsTheyGo() throws Exception {
        try (TestBrowser started = TestBrowser.start();
                WatchServer server = WatchServer.start(
                        new WatchedRuns(List.of(folder.resolve("later"), folder), Clock.systemUTC()), 0)) {
            browser = started;
            browser.driver().get(server.page().toString());
            look();
        }
    }

    private void look() throws Exception {
        browser.until("nothing has begun", () -> browser.text("#empty").startsWith("No training has begun in"));
        RunFolder one = begin("grpo", 20);
        browser.until("the run is there", () -> browser.text("#runs").contains("20 of 100"));
        for (String shown : List.of("0.19", "25%", "50%", "1234", "1.50 GB", "2 min 40 s", "running")) {
            assertTrue(browser.text("#runs").contains(shown), shown + " in " + browser.text("#runs"));
        }
        // A torn row is not shown before it is whole.
        String next = Json.line(row(20, 0.9)) + "\n";
        Files.writeString(one.metrics(), next.substring(0, 40), StandardOpenOption.APPEND);
        RunFolder other = begin("sft", 3);
        rollouts(one, 18, 19);
        browser.until("there are two", () -> browser.text("#status").startsWith("2 runs"));
        assertTrue(browser.text("#runs").contains("20 of 100"), browser.text("#runs"));
        Files.writeString(one.metrics(), next.substring(40), StandardOpenOption.APPEND);
        browser.until("the row is whole", () -> browser.text("#runs").contains("21 of 100"));
        assertTrue(browser.driver()
                .findElement(By.cssSelector("#charts svg"))
                .getDomAttribute("aria-label")
                .contains("sft 0.01"));

        browser.until("rollouts are shown", () -> browser.text("#rollouts").contains("0.750"));
        assertTrue(browser.text("#rollouts").contains("2.0 to 4.5 <img"), browser.text("#rollouts"));
        assertEquals("19", browser.driver().findElement(By.id("rollout-step")).getDomProperty("value"));
        browser.driver().findElement(By.cssSelector("#more summary")).click();
        browser.until(
                "names of figures are text", () -> browser.text("#more-charts").contains("reward.<img"));

        JsonlLog.write(
                one.validation(),
                List.of(
                        Map.of("step", 0, "mIoU", 0.25),
                        Map.of("step", 20, "mIoU", 0.625),
                        Map.of("step", 40, "mIoU", 1)));
        browser.until("validations are shown", () -> browser.text("#charts").contains("mIoU of the validation"));
        // The page has no row of step 40 yet, and shows the validation all the same.
        String label = browser.driver()
                .findElement(By.cssSelector("#charts svg[aria-label^='mIoU of the validation']"))
                .getDomAttribute("aria-label");
        assertTrue(label.contains("grpo 1"), label);
        assertTrue(browser.text("#runs").contains("validation"), browser.text("#runs"));

        // The run is resumed from its tenth step, and ends.
        begin("grpo", 10);
        browser.until("the run is resumed", () -> browser.text("#runs").contains("10 of 100"));
        AtomicFiles.writeString(other.compute(), "{\"steps\":3}\n");
        browser.until("one has ended", () -> browser.text("#runs").contains("finished"));

        browser.isAccessibleAt(390, 900, 1600);
        assertEquals("Training runs - videotg", browser.driver().getTitle());
        assertEquals(List.of(), browser.errors());
    }
}
