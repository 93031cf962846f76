package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.videotg.core.sample.Interval;
import org.videotg.method.reflection.Decisions;

/** The page in Chromium, used by keyboard alone. Skipped where Chromium and its driver are not installed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReviewPageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private SmallReview review;
    private Process server;
    private ChromeDriver browser;

    private static Optional<File> installed(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(place -> new File(place, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    @BeforeAll
    void start() throws IOException {
        Optional<File> driver = installed("chromedriver");
        Optional<File> chromium = installed("chromium", "chromium-browser", "google-chrome");
        assumeTrue(
                driver.isPresent() && chromium.isPresent(),
                "skipped: needs chromium and chromedriver on PATH (apt-get install chromium chromium-driver)");
        review = SmallReview.write(folder);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.get())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (server != null) {
            server.destroyForcibly();
        }
    }

    /** Starts the server as a process of its own and opens its page. */
    private void open(int port) throws IOException {
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallReview.class.getName(),
                        folder.toString(),
                        String.valueOf(port))
                .redirectError(folder.resolve("server.log").toFile())
                .start();
        BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        String page = out.readLine();
        assertTrue(page != null && page.startsWith("http"), () -> log(folder.resolve("server.log")));
        browser.get(page);
        until("the first sample is shown", () -> !text("about").isEmpty());
    }

    private static String log(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void until(String what, Condition condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!holds(condition)) {
            assertTrue(
                    Instant.now().isBefore(end),
                    () -> what + "; status: " + text("status") + "; query: " + text("query") + "; intervals: "
                            + text("intervals"));
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (StaleElementReferenceException e) {
            // The page was drawn again in between.
            return false;
        }
    }

    private String text(String id) {
        return browser.findElement(By.id(id)).getText();
    }

    private void press(CharSequence... keys) {
        new Actions(browser).sendKeys(keys).perform();
    }

    private void decide(String key, String said) {
        String before = text("query");
        press(key);
        until("it is saved", () -> text("status").equals("Saved: " + said + ", " + before));
        rest();
    }

    private void rest() {
        until(
                "the next sample is shown",
                () -> "false".equals(browser.findElement(By.id("sample")).getDomAttribute("aria-busy")));
    }

    @Test
    void pendingSamplesAreReviewedByKeyboardAndSurviveAKill() throws Exception {
        open(0);
        assertEquals("0 of 4 in doubt decided", text("progress-text"));
        List<String> order = new ArrayList<>();
        browser.findElements(By.cssSelector("#list button > span:first-child"))
                .forEach(row -> order.add(row.getText()));
        assertEquals(4, order.size());
        press("1");
        until("a name is asked for", () -> text("status").startsWith("Not saved: give your name"));
        press("ann", Keys.ENTER);

        // The first: its end is moved by three frames, and a second interval is set at 3 s.
        until(
                "the frame rate is known",
                () -> String.valueOf(browser.findElement(By.id("time")).getDomProperty("title"))
                        .startsWith("10.00"));
        press("r", ".");
        new Actions(browser)
                .keyDown(Keys.SHIFT)
                .sendKeys(Keys.ARROW_RIGHT)
                .keyUp(Keys.SHIFT)
                .perform();
        press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "]");
        until("the end is moved", () -> text("intervals").startsWith("1.00 to 2.30 s (changed)"));
        press("1");
        until("edits are not lost", () -> text("status").contains("the intervals were changed"));
        press("a");
        until("reflected spans are added", () -> text("intervals").contains(", 3.00 to 3."));
        String first = text("about").split(" ", 2)[0];
        decide("3", "repair");
        decide("1", "keep");
        decide("2", "discard");
        press("u");
        until("it is taken back", () -> text("status").startsWith("Taken back"));
        rest();
        decide("2", "discard");
        decide("4", "unsure");
        until(
                "all are decided but the one that nobody can tell",
                () -> text("progress-text").startsWith("3 of 4"));
        assertEquals(
                List.of(new Interval(1, 2.3)),
                Decisions.read(review.decisions())
                        .agreed(first)
                        .orElseThrow()
                        .intervals()
                        .subList(0, 1));

        server.destroyForcibly().waitFor();
        press("k");
        open(URI.create(browser.getCurrentUrl()).getPort());
        assertEquals("ann", browser.findElement(By.id("reviewer")).getDomProperty("value"));
        assertTrue(text("progress-text").startsWith("3 of 4"), text("progress-text"));
        press("f", "dec", Keys.ENTER);
        press(Keys.ESCAPE);
        until("the decided ones are listed", () -> text("shown").endsWith("of 4"));
        String listed = text("list");
        for (String decision : List.of("repair", "keep", "discard", "unsure")) {
            assertTrue(listed.contains("ann: " + decision), listed);
        }
        assertEquals(4, Decisions.read(review.decisions()).ids().size());

        markupIsText();
        aVideoThatIsNotPlayedIsCopied();
        everyWidthIsAccessibleInLightAndDark();
        List<String> errors = browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(entry -> entry.getMessage())
                // The server that was killed.
                .filter(message -> !message.contains("ERR_CONNECTION_REFUSED"))
                .toList();
        assertEquals(List.of(), errors);
    }

    private void show(String query) {
        browser.findElements(By.cssSelector("#list button")).stream()
                .filter(row -> row.getText().startsWith(query))
                .findFirst()
                .orElseThrow()
                .click();
        until("it is shown", () -> text("query").startsWith(query));
    }

    private void markupIsText() {
        show("a <img");
        assertEquals(SmallReview.MARKUP, text("query"));
        assertEquals(true, browser.executeScript("return window.broken === undefined"));
    }

    private void aVideoThatIsNotPlayedIsCopied() {
        show("shape 2");
        until("the copy plays", () -> (Boolean) browser.executeScript(
                "const v = document.getElementById('video'); return v.src.includes('/copy') && v.videoWidth > 0"));
        assertEquals("", text("video-note"));
    }

    private void everyWidthIsAccessibleInLightAndDark() throws IOException {
        String axe;
        try (var script = getClass().getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        browser.executeScript(axe);
        for (int width : new int[] {390, 1000, 1600}) {
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
        press("?");
        assertFalse(browser.findElements(By.cssSelector("dialog[open]")).isEmpty());
        assertEquals(
                "",
                browser.executeAsyncScript("const done = arguments[0]; axe.run(document).then(found => done("
                        + "found.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html).join()).join()))"));
    }
}
