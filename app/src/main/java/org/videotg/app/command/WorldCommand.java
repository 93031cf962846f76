package org.videotg.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Progress;
import org.videotg.smallworld.WorldSettings;
import org.videotg.smallworld.WorldWriter;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Renders a small world. */
@Command(
        name = "world",
        description = {
            "Render a small world: mp4 files of moving coloured shapes, train.jsonl and test.jsonl with "
                    + "annotations, and truth.jsonl, the planted truth, which only reports and tests read.",
            "Running a stopped command again resumes it."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg world --out runs/world --videos 1000 --test 200 --seed 1 --domain target \\",
            "      --partial 0.45 --truncated 0.75"
        })
final class WorldCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the world")
    private Path out;

    @Option(names = "--videos", required = true, paramLabel = "N", description = "videos for training")
    private int videos;

    @Option(
            names = "--test",
            paramLabel = "M",
            defaultValue = "0",
            description = "videos for testing, completely annotated; default: 0")
    private int test;

    @Option(names = "--seed", required = true, paramLabel = "S", description = "the same seed gives the same world")
    private long seed;

    @Option(
            names = "--domain",
            required = true,
            paramLabel = "NAME",
            description = "base (known to the small model), target (harder), long (target in videos of one to two "
                    + "minutes) or dense (for the vision tower)")
    private String domain;

    @Option(
            names = "--partial",
            paramLabel = "P",
            defaultValue = "0",
            description = "share of the training samples whose annotation is partial; default: 0")
    private double partial;

    @Option(
            names = "--truncated",
            paramLabel = "P",
            defaultValue = "0.75",
            description =
                    "share of the partial annotations that miss a part of the event; the others miss a repetition of it; "
                            + "default: 0.75")
    private double truncated;

    @Option(
            names = "--systematic",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "share of the other samples with an event of 6 s or more whose annotation covers its beginning"
                            + " only; default: 0")
    private double systematic;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "vtg",
            description =
                    "vtg (when does a sentence hold?) or gqa (a multiple-choice question, and when the video shows its answer); "
                            + "default: ${DEFAULT-VALUE}")
    private String task;

    @Option(
            names = "--shuffle-options",
            description = "shuffle the options of questions, unlike in the pretraining of the small model")
    private boolean shuffleOptions;

    @Override
    public Integer call() {
        Checks.folder("--out", out);
        WorldSettings grounding = WorldSettings.grounding(
                DomainSettings.named(domain),
                seed,
                videos,
                test,
                new AnnotationDefects(partial, truncated, systematic));
        WorldSettings settings = switch (task) {
            case "vtg" -> grounding;
            case "gqa" -> grounding.answering(shuffleOptions);
            default -> throw new InputException("--task: unknown task \"" + task + "\"; known: vtg, gqa");
        };
        Progress progress = Progress.logged("videos", videos + test);
        WorldWriter.write(settings, out, (done, total) -> progress.step(""));
        progress.finish("");
        System.out.println(out + ": " + videos + " videos for training, " + test + " for testing");
        return 0;
    }
}
