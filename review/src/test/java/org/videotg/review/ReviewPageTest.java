package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import org.videotg.core.sample.Interval;
import org.videotg.method.reflection.Decisions;
import org.videotg.web.TestBrowser;

/** The page in Chromium, used by keyboard alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReviewPageTest {
    @TempDir
    private static Path folder;

    private SmallReview review;
    private Process server;
    private TestBrowser browser;

    @BeforeAll
    void start() throws IOException {
        browser = TestBrowser.start();
        review = SmallReview.write(folder);
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
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
        browser.driver().get(page);
        browser.until("the first sample is shown", () -> !text("about").isEmpty());
    }

    private static String log(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String text(String id) {
        return browser.text("#" + id);
    }

    private void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    private void decide(String key, String said) {
        String before = text("query");
        press(key);
        browser.until("it is saved", () -> text("status").equals("Saved: " + said + ", " + before));
        rest();
    }

    private void rest() {
        browser.until(
                "the next sample is shown",
                () -> "false"
                        .equals(browser.driver().findElement(By.id("sample")).getDomAttribute("aria-busy")));
    }

    @Test
    void pendingSamplesAreReviewedByKeyboardAndSurviveAKill() throws Exception {
        open(0);
        assertEquals("0 of 4 in doubt decided", text("progress-text"));
        List<String> order = new ArrayList<>();
        browser.driver()
                .findElements(By.cssSelector("#list button > span:first-child"))
                .forEach(row -> order.add(row.getText()));
        assertEquals(4, order.size());
        press("1");
        browser.until("a name is asked for", () -> text("status").startsWith("Not saved: give your name"));
        press("ann", Keys.ENTER);

        // The first: its end is moved by three frames, and a second interval is set at 3 s.
        browser.until(
                "the frame rate is known",
                () -> String.valueOf(browser.driver().findElement(By.id("time")).getDomProperty("title"))
                        .startsWith("10.00"));
        press("r", ".");
        new Actions(browser.driver())
                .keyDown(Keys.SHIFT)
                .sendKeys(Keys.ARROW_RIGHT)
                .keyUp(Keys.SHIFT)
                .perform();
        press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "]");
        browser.until("the end is moved", () -> text("intervals").startsWith("1.00 to 2.30 s (changed)"));
        press("1");
        browser.until("edits are not lost", () -> text("status").contains("the intervals were changed"));
        press("a");
        browser.until("reflected spans are added", () -> text("intervals").contains(", 3.00 to 3."));
        String first = text("about").split(" ", 2)[0];
        decide("3", "repair");
        decide("1", "keep");
        decide("2", "discard");
        press("u");
        browser.until("it is taken back", () -> text("status").startsWith("Taken back"));
        rest();
        decide("2", "discard");
        decide("4", "unsure");
        browser.until(
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
        open(URI.create(browser.driver().getCurrentUrl()).getPort());
        assertEquals("ann", browser.driver().findElement(By.id("reviewer")).getDomProperty("value"));
        assertTrue(text("progress-text").startsWith("3 of 4"), text("progress-text"));
        press("f", "dec", Keys.ENTER);
        press(Keys.ESCAPE);
        browser.until("the decided ones are listed", () -> text("shown").endsWith("of 4"));
        String listed = text("list");
        for (String decision : List.of("repair", "keep", "discard", "unsure")) {
            assertTrue(listed.contains("ann: " + decision), listed);
        }
        assertEquals(4, Decisions.read(review.decisions()).ids().size());

        markupIsText();
        aVideoThatIsNotPlayedIsCopied();
        everyWidthIsAccessibleInLightAndDark();
        List<String> errors = browser.errors().stream()
                // The server that was killed.
                .filter(message -> !message.contains("ERR_CONNECTION_REFUSED"))
                .toList();
        assertEquals(List.of(), errors);
    }

    private void show(String query) {
        browser.driver().findElements(By.cssSelector("#list button")).stream()
                .filter(row -> row.getText().startsWith(query))
                .findFirst()
                .orElseThrow()
                .click();
        browser.until("it is shown", () -> text("query").startsWith(query));
    }

    private void markupIsText() {
        show("a <img");
        assertEquals(SmallReview.MARKUP, text("query"));
        assertEquals(true, browser.driver().executeScript("return window.broken === undefined"));
    }

    private void aVideoThatIsNotPlayedIsCopied() {
        show("shape 2");
        browser.until(
                "the copy plays",
                () -> (Boolean)
                        browser.driver()
                                .executeScript(
                                        "const v = document.getElementById('video'); return v.src.includes('/copy') && v.videoWidth > 0"));
        assertEquals("", text("video-note"));
    }

    private void everyWidthIsAccessibleInLightAndDark() {
        browser.isAccessibleAt(390, 1000, 1600);
        press("?");
        assertFalse(
                browser.driver().findElements(By.cssSelector("dialog[open]")).isEmpty());
        assertEquals("", browser.violations());
    }
}
