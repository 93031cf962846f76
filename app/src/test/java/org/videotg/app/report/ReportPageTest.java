package org.videotg.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.videotg.web.TestBrowser;

/** The report as a file in Chromium: its moments play, and nothing is cut off at any width. */
class ReportPageTest {
    @TempDir
    private Path folder;

    @Test
    void momentsPlayAndEveryWidthIsReadable() throws IOException {
        try (TestBrowser browser = TestBrowser.start()) {
            FakeRun.write(folder, 120, 60);
            Path page = Report.write(folder);
            // A large video lies beside the page.
            String text = Files.readString(page);
            int at = text.indexOf("data:video/mp4;base64,");
            int end = text.indexOf('"', at);
            Path clips = Files.createDirectories(page.resolveSibling(Clips.FOLDER));
            Files.write(
                    clips.resolve("1.mp4"), Base64.getDecoder().decode(text.substring(text.indexOf(',', at) + 1, end)));
            Files.writeString(page, text.substring(0, at) + Clips.FOLDER + "/1.mp4" + text.substring(end));
            browser.driver().get(page.toUri().toString());

            List<WebElement> cards = browser.driver().findElements(By.cssSelector("article"));
            for (WebElement card : cards.subList(0, 2)) {
                WebElement button = card.findElement(By.cssSelector("button[data-from]"));
                double from = Double.parseDouble(button.getDomAttribute("data-from"));
                double to = Double.parseDouble(button.getDomAttribute("data-to"));
                button.click();
                WebElement video = card.findElement(By.tagName("video"));
                browser.until("it plays", () -> video.isDisplayed() && at(browser, video) >= from);
                assertTrue(at(browser, video) <= to, "it begins at the moment");
            }
            browser.isAccessibleAt(390, 900, 1600);
            for (WebElement table : browser.driver().findElements(By.cssSelector(".scroll"))) {
                assertEquals(
                        0L,
                        browser.driver()
                                .executeScript("return arguments[0].scrollWidth - arguments[0].clientWidth", table),
                        table.getDomAttribute("aria-label"));
            }
            assertEquals(List.of(), browser.errors());
        }
    }

    private static double at(TestBrowser browser, WebElement video) {
        return ((Number) browser.driver().executeScript("return arguments[0].currentTime", video)).doubleValue();
    }
}
