package org.videotg.app.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.core.io.AtomicFiles;

/**
 * Writes {@code report/index.html} of a run: one file without scripts that loads nothing, for wide and narrow screens, light,
 * dark and paper. The same run gives the same page.
 */
public final class Report {
    private Report() {}

    /**
     * @param runFolder of a whole run of the method, of a training run or of an evaluation
     * @return the page that was written
     * @throws org.videotg.core.io.InputException if the folder holds nothing of a run, or can't be written
     */
    public static Path write(Path runFolder) {
        Path page = runFolder.resolve("report").resolve("index.html");
        AtomicFiles.writeString(page, page(RunReader.read(runFolder)));
        return page;
    }

    static String page(RunParts run) {
        String headline = Headline.of(run);
        String body = Markup.element(
                        "header",
                        Markup.element("h1", "videotg report: " + Markup.escape(run.name()))
                                + Markup.element("p", headline, "class", "result"))
                + notes(run)
                + ArmsSection.of(run)
                + TrainingSection.of(run)
                + DifficultySection.of(run)
                + ReflectionSection.of(run)
                + SamplesSection.of(run)
                + CostSection.of(run)
                + ManifestSection.of(run);
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n" + Markup.open("meta", "charset", "utf-8")
                + Markup.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                + Markup.open(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; img-src data:; style-src 'unsafe-inline'")
                + Markup.open("meta", "name", "color-scheme", "content", "light dark")
                + Markup.text("title", "videotg report: " + run.name())
                + "\n<style>\n" + style() + "</style>\n</head>\n<body>\n<main>\n" + body
                + "</main>\n</body>\n</html>\n";
    }

    private static String notes(RunParts run) {
        StringBuilder lines = new StringBuilder();
        run.notes().forEach(note -> lines.append(Markup.text("li", note)));
        return run.notes().isEmpty()
                ? ""
                : Markup.element(
                        "section",
                        Markup.text("p", "Parts of this run could not be read:")
                                + Markup.element("ul", lines.toString()),
                        "class",
                        "notes");
    }

    private static String style() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
