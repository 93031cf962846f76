package org.videotg.app.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.JsonlLog;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Interval;
import org.videotg.training.run.RunFolder;
import org.videotg.training.trainer.RolloutGroup;

/** The page in Chromium, over runs that begin, grow, are resumed and end. Skipped where Chromium is not installed. */
class WatchPageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String MARKUP = "<img src=x onerror=\"document.title='owned'\">";

    @TempDir
    private Path folder;

    private ChromeDriver browser;

    private static Optional<File> installed(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(path -> new File(path, name)))
                .filter(File::canExecute)
                .findFirst();
    }

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

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertTrue(
                    System.nanoTime() < end,
                    () -> what + ", but: "
                            + browser.findElement(By.tagName("body")).getText());
            Thread.sleep(50);
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (StaleElementReferenceException e) {
            // The page was drawn again in between.
            return false;
        }
    }

    private String text(String css) {
        return browser.findElement(By.cssSelector(css)).getText();
    }

    @Test
    void runsAreShownAsTheyGo() throws Exception {
        Optional<File> driver = installed("chromedriver");
        Optional<File> chromium = installed("chromium", "chromium-browser", "google-chrome");
        assumeTrue(
                driver.isPresent() && chromium.isPresent(),
                "skipped: needs chromium and chromedriver on PATH (apt-get install chromium chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        try (WatchServer server =
                WatchServer.start(new WatchedRuns(List.of(folder.resolve("later"), folder), Clock.systemUTC()), 0)) {
            browser = new ChromeDriver(
                    new ChromeDriverService.Builder()
                            .usingDriverExecutable(driver.get())
                            .usingAnyFreePort()
                            .build(),
                    options);
            browser.get(server.page().toString());
            look();
        } finally {
            if (browser != null) {
                browser.quit();
            }
        }
    }

    private void look() throws Exception {
        until("nothing has begun", () -> text("#empty").startsWith("No training has begun in"));
        RunFolder one = begin("grpo", 20);
        until("the run is there", () -> text("#runs").contains("20 of 100"));
        for (String shown : List.of("0.19", "25%", "50%", "1234", "1.50 GB", "2 min 40 s", "running")) {
            assertTrue(text("#runs").contains(shown), shown + " in " + text("#runs"));
        }
        // A torn row is not shown before it is whole.
        String next = Json.line(row(20, 0.9)) + "\n";
        Files.writeString(one.metrics(), next.substring(0, 40), StandardOpenOption.APPEND);
        RunFolder other = begin("sft", 3);
        rollouts(one, 18, 19);
        until("there are two", () -> text("#status").startsWith("2 runs"));
        assertTrue(text("#runs").contains("20 of 100"), text("#runs"));
        Files.writeString(one.metrics(), next.substring(40), StandardOpenOption.APPEND);
        until("the row is whole", () -> text("#runs").contains("21 of 100"));
        assertTrue(browser.findElement(By.cssSelector("#charts svg"))
                .getDomAttribute("aria-label")
                .contains("sft 0.01"));

        until("rollouts are shown", () -> text("#rollouts").contains("0.750"));
        assertTrue(text("#rollouts").contains("2.0 to 4.5 <img"), text("#rollouts"));
        assertEquals("19", browser.findElement(By.id("rollout-step")).getDomProperty("value"));
        browser.findElement(By.cssSelector("#more summary")).click();
        until("names of figures are text", () -> text("#more-charts").contains("reward.<img"));

        // The run is resumed from its tenth step, and ends.
        begin("grpo", 10);
        until("the run is resumed", () -> text("#runs").contains("10 of 100"));
        AtomicFiles.writeString(other.compute(), "{\"steps\":3}\n");
        until("one has ended", () -> text("#runs").contains("finished"));

        browser.executeScript(resource());
        for (int width : new int[] {390, 900, 1600}) {
            for (String scheme : List.of("light", "dark")) {
                browser.executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
                browser.executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
                String where = width + " pixels, " + scheme;
                assertEquals(
                        0L,
                        browser.executeScript("const page = document.documentElement;"
                                + "return page.scrollWidth - page.clientWidth"),
                        where + ": something is cut off");
                assertEquals(
                        "",
                        browser.executeAsyncScript("const done = arguments[0]; axe.run(document).then(found => done("
                                + "found.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html).join()).join()))"),
                        where);
            }
        }
        assertEquals("Training runs - videotg", browser.getTitle());
        assertEquals(
                List.of(),
                browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                        .map(entry -> entry.getMessage())
                        .toList());
    }

    private static String resource() throws IOException {
        try (InputStream in =
                WatchPageTest.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
