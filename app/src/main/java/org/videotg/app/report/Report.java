package org.videotg.app.report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;
import org.videotg.core.io.Sha256;

/**
 * Writes {@code report/index.html} of a run: a single file that loads nothing but large videos from the folder
 * {@code clips} beside it, for wide and narrow screens, light and dark, and for print. The same run gives the same page.
 */
public final class Report {
    /** A section's id and title, as {@link Section} writes them. */
    private static final Pattern HEADING = Pattern.compile("<section id=\"([a-z-]+)\"><h2>([^<]*)</h2>");

    private Report() {}

    /** Writes the report of a run with the verdicts in its folder. */
    public static Path write(Path runFolder) {
        return write(runFolder, Optional.empty(), Optional.empty());
    }

    /**
     * Writes the report.
     *
     * @param runFolder of a whole run of the method, of a training run or of an evaluation
     * @param reflections file of verdicts; default: the one in the run's folder
     * @param difficulty file of verdicts; default: the one in the run's folder
     * @return the page that was written
     * @throws org.videotg.core.io.InputException if the folder is not that of a run, a given file can't be read, or
     *     the page can't be written
     */
    public static Path write(Path runFolder, Optional<Path> reflections, Optional<Path> difficulty) {
        return write(runFolder, RunReader.read(runFolder, reflections, difficulty));
    }

    /** Writes the page of a run that has been read. */
    public static Path write(Path runFolder, RunParts run) {
        Path page = runFolder.resolve("report").resolve("index.html");
        try (FolderLock lock = FolderLock.beside(page, Duration.ofSeconds(5))) {
            Path folder = page.resolveSibling(Clips.FOLDER);
            AtomicReference<String> text = new AtomicReference<>();
            AtomicReference<Clips> clips = new AtomicReference<>();
            AtomicFiles.writeFolder(folder, temporary -> {
                clips.set(new Clips(temporary));
                text.set(page(run, clips.get()));
            });
            AtomicFiles.writeString(page, text.get());
            if (!clips.get().hasFiles()) {
                AtomicFiles.deleteTree(folder);
            }
        }
        return page;
    }

    /** Returns what a run found, in a sentence that claims a difference only if its 95% interval excludes 0. */
    public static String result(RunParts run) {
        boolean compared = run.arm(Arm.Role.METHOD).isPresent()
                && run.arm(Arm.Role.REFERENCE).isPresent();
        return Headline.text(run)
                + (compared
                        ? " This is one seed: the interval does not cover how another training would turn out."
                        : "");
    }

    private static String page(RunParts run, Clips clips) {
        String sections = ArmsSection.of(run)
                + TrainingSection.of(run)
                + DifficultySection.of(run)
                + ReflectionSection.of(run)
                + SamplesSection.of(run, clips)
                + CostSection.of(run)
                + manifests(run);
        String body = Markup.element(
                        "header",
                        Markup.element("h1", "videotg report: " + Markup.escape(run.name())) + Introduction.of(run))
                + contents(sections)
                + notes(run)
                + sections;
        String script = Resources.text(Report.class, "report.js");
        return html("videotg report: " + run.name(), body + Markup.element("script", script), script);
    }

    /** A page without scripts that loads nothing. */
    static String html(String title, String body) {
        return html(title, body, "");
    }

    /** A page that runs no script but the given one. */
    private static String html(String title, String body, String script) {
        String allowed = script.isEmpty()
                ? ""
                : "; script-src 'sha256-"
                        + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Sha256.of(script)))
                        + "'; media-src data: 'self' file:";
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n" + Markup.open("meta", "charset", "utf-8")
                + Markup.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                + Markup.open(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; img-src data:; style-src 'unsafe-inline'" + allowed)
                + Markup.open("meta", "name", "color-scheme", "content", "light dark")
                + Markup.text("title", title)
                + "\n<style>\n" + Resources.text(Report.class, "report.css") + "</style>\n</head>\n<body>\n<main>\n"
                + body
                + "</main>\n</body>\n</html>\n";
    }

    /** Links to the sections. */
    private static String contents(String sections) {
        StringBuilder entries = new StringBuilder();
        HEADING.matcher(sections)
                .results()
                .forEach(heading -> entries.append(
                        Markup.element("li", Markup.element("a", heading.group(2), "href", "#" + heading.group(1)))));
        return Markup.element(
                "nav", Markup.element("ul", entries.toString()), "class", "contents", "aria-label", "Contents");
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

    private static String manifests(RunParts run) {
        StringBuilder folded = new StringBuilder(run.manifest()
                .map(manifest -> Section.folded("manifest.json", Json.pretty(manifest)))
                .orElse(Section.missing("No manifest.json.")));
        for (Arm arm : run.arms()) {
            arm.recipe().ifPresent(recipe -> folded.append(Section.folded(arm.title() + ": recipe.yaml", recipe)));
            arm.manifest()
                    .ifPresent(manifest -> folded.append(Section.folded(arm.title() + ": manifest.json", manifest)));
        }
        return Section.of(
                "Manifest",
                folded.toString(),
                Markup.text(
                        "p",
                        "Published (VideoTG-R1, arXiv 2510.23397): the two agents, discarding partial samples, "
                                + "difficulty by zero-shot IoU, masks that fade with the training step, and that 10% of "
                                + "the samples and 21% of the compute beat the full data. Defined here: all rules and "
                                + "settings of this run. All other numbers on this page are computed from "
                                + "this run's files.",
                        "class",
                        "small"));
    }
}
