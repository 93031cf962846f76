package org.videotg.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;

/** Chromium without a window, for tests of pages. Tests are skipped where it and its driver are not installed. */
public final class TestBrowser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private final ChromeDriver driver;

    private TestBrowser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it, or skips the test. */
    public static TestBrowser start() {
        Optional<File> driver = installed("chromedriver");
        Optional<File> chromium = installed("chromium", "chromium-browser", "google-chrome");
        assumeTrue(
                driver.isPresent() && chromium.isPresent(),
                "skipped: needs chromium and chromedriver on PATH (apt-get install chromium chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        return new TestBrowser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.get())
                        .usingAnyFreePort()
                        .build(),
                options));
    }

    private static Optional<File> installed(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(place -> new File(place, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    /** Returns Selenium's interface. */
    public ChromeDriver driver() {
        return driver;
    }

    /** Returns the visible text of the first element that the CSS selector finds. */
    public String text(String css) {
        return driver.findElement(By.cssSelector(css)).getText();
    }

    /** Waits for a condition, and fails with the page's text if it does not come. */
    public void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertTrue(System.nanoTime() < end, () -> what + ", but: " + text("body"));
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
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

    /** Fails if axe finds a violation, or if the page scrolls sideways at one of the widths in pixels, light or dark. */
    public void isAccessibleAt(int... widths) {
        driver.executeScript(axe());
        for (int width : widths) {
            for (String scheme : List.of("light", "dark")) {
                driver.executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
                driver.executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
                String where = width + " pixels, " + scheme;
                assertEquals(
                        0L,
                        driver.executeScript("const page = document.documentElement;"
                                + "return page.scrollWidth - page.clientWidth"),
                        where + ": something is cut off");
                assertEquals("", violations(), where);
            }
        }
    }

    /** Returns what axe finds wrong with the page as it is; needs {@link #isAccessibleAt} before. Media are not loaded. */
    public String violations() {
        return (String) driver.executeAsyncScript(
                "const done = arguments[0]; axe.run(document, {preload: false}).then(found => done("
                        + "found.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html).join()).join()))");
    }

    private static String axe() {
        try (InputStream in = TestBrowser.class.getResourceAsStream(AXE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the errors on the console since the last call. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
