package org.videotg.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Installation;
import org.videotg.app.report.run.RunFiles;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Stop;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.review.DecisionLog;
import org.videotg.review.Filter;
import org.videotg.review.LabelStudio;
import org.videotg.review.ReviewData;
import org.videotg.review.ReviewServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The page on which people decide about samples in doubt. */
@Command(
        name = "review",
        description = {
            "Decide in a browser about samples that the agents leave in doubt: keep, discard or repair them.",
            "The page is served to this machine only, until the command is stopped. Decisions go to a file that select, "
                    + "curate and run use."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg review videotg-runs/demo",
            "  ./videotg review videotg-runs/demo --to-label-studio tasks.json",
            "  ./videotg review videotg-runs/demo --from-label-studio export.json",
            "  ./videotg review --data runs/world/train.jsonl --reflections runs/reflections.jsonl \\",
            "      --difficulty runs/difficulty.jsonl --decisions runs/decisions.jsonl"
        })
final class ReviewCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ReviewCommand.class);

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "folder of a run, whose files are used where the options do not say others")
    private Path run;

    @Option(names = "--data", paramLabel = "FILE", description = "samples (jsonl)")
    private Path data;

    @Option(names = "--reflections", paramLabel = "FILE", description = "verdicts of boundary reflection (jsonl)")
    private Path reflections;

    @Option(names = "--difficulty", paramLabel = "FILE", description = "verdicts of difficulty estimation (jsonl)")
    private Path difficulty;

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description = "predictions on these samples, rows {\"id\",\"intervals\"} (jsonl); may be repeated")
    private List<Path> predictions = List.of();

    @Option(
            names = "--selected",
            paramLabel = "FILE",
            description = "the samples selected for training (jsonl); a decision about others changes less")
    private Path selected;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description =
                    "where decisions are stored (jsonl); default for a RUN: decisions.jsonl beside its reflections")
    private Path decisions;

    @Option(names = "--reviewer", paramLabel = "NAME", description = "name that the page starts with")
    private String reviewer = "";

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8710",
            description = "port of the page, 0 for a free one; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--to-label-studio",
            paramLabel = "FILE",
            description =
                    "write tasks for Label Studio instead (json), with the labelling configuration beside it (xml)")
    private Path tasks;

    @Option(
            names = "--show",
            paramLabel = "LIST",
            defaultValue = "pending",
            description = "which samples the tasks are about: pending, partial, undecided, failed, hard, disagreement, "
                    + "decided, split or all; default: ${DEFAULT-VALUE}")
    private String show;

    @Option(
            names = "--video-address",
            paramLabel = "URL",
            defaultValue = "/data/local-files/?d=",
            description =
                    "what stands before the path of a video, relative to the folder of the samples, in the tasks; "
                            + "default: ${DEFAULT-VALUE}")
    private String videoAddress;

    @Option(
            names = "--from-label-studio",
            paramLabel = "FILE",
            description = "add the decisions of an export of Label Studio (json) to the decisions instead")
    private Path export;

    @Override
    public Integer call() {
        ReviewData.Sources sources = sources();
        Path out = decisionsFile(sources);
        ReviewData found = ReviewData.read(sources);
        if (tasks != null) {
            writeTasks(sources, found, out);
        }
        if (export != null) {
            addDecisions(found, out);
        }
        if (tasks == null && export == null) {
            serve(found, out);
        }
        return 0;
    }

    private void writeTasks(ReviewData.Sources sources, ReviewData found, Path out) {
        Decisions taken = Files.exists(out) ? Decisions.read(out) : Decisions.NONE;
        LabelStudio.Tasks made = LabelStudio.tasks(
                found,
                found.filtered(Filter.named(show), taken),
                sources.data().toAbsolutePath().getParent(),
                videoAddress);
        Path config = Checks.file("--to-label-studio", tasks)
                .resolveSibling(tasks.getFileName().toString().replaceFirst("\\.json$", "") + ".xml");
        AtomicFiles.writeString(config, LabelStudio.CONFIG);
        AtomicFiles.writeString(tasks, Json.pretty(made.tasks()));
        skipped(made.skipped());
        System.out.println(tasks + ": " + made.tasks().size() + " tasks; " + config + ": the labelling configuration");
    }

    private void addDecisions(ReviewData found, Path out) {
        LabelStudio.Decided decided =
                LabelStudio.decisions(Json.parse(AtomicFiles.readString(export), export.toString()), found);
        int added = 0;
        try (DecisionLog log = DecisionLog.open(out, Checks.LOCK_TIMEOUT)) {
            for (ReviewDecision decision : decided.decisions()) {
                if (!log.decisions().about(decision.id()).contains(decision)) {
                    log.append(decision);
                    added++;
                }
            }
        }
        skipped(decided.skipped());
        System.out.println(
                out + ": " + added + " decisions added, " + (decided.decisions().size() - added) + " were there; "
                        + decided.withoutRanges() + " regions without frames were passed over");
    }

    private static void skipped(Map<String, List<String>> skipped) {
        skipped.forEach((reason, ids) ->
                LOG.warn("{} left out: {}; such as {}", ids.size(), reason, VideoTg.oneLine(ids.get(0))));
    }

    private void serve(ReviewData found, Path out) {
        try (DecisionLog log = DecisionLog.open(out, Checks.LOCK_TIMEOUT);
                ReviewServer server = ReviewServer.start(
                        new ReviewServer.Settings(
                                port, Installation.current().browserCopies(), reviewer, Clock.systemUTC()),
                        found,
                        log)) {
            Stop.advise("decisions are in " + out);
            LOG.info(
                    "{} samples, {} of them pending; decisions go to {}",
                    found.samples().size(),
                    found.filtered(Filter.PENDING, log.decisions()).size(),
                    out);
            System.out.println("review: " + server.page() + " (end it with Ctrl-C)");
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ReviewData.Sources sources() {
        if (run == null && data == null) {
            throw new InputException("give the folder of a run, or --data with --reflections and --decisions");
        }
        Optional<RunFiles> files = Optional.ofNullable(run).map(RunFiles::of);
        return new ReviewData.Sources(
                Optional.ofNullable(data)
                        .or(() -> files.flatMap(RunFiles::train))
                        .orElseThrow(() -> new InputException(run + ": its training samples were not found; a run of a"
                                + " project with several data sets, seeds or bases has a folder for each, or give"
                                + " --data")),
                Optional.ofNullable(reflections).or(() -> files.flatMap(RunFiles::reflections)),
                Optional.ofNullable(difficulty).or(() -> files.flatMap(RunFiles::difficulty)),
                predictions,
                Optional.ofNullable(selected).or(() -> files.flatMap(RunFiles::selected)));
    }

    private Path decisionsFile(ReviewData.Sources sources) {
        if (decisions != null) {
            return Checks.file("--decisions", decisions);
        }
        return Optional.ofNullable(run)
                .flatMap(unused -> sources.reflections().or(sources::difficulty))
                .map(verdicts -> verdicts.resolveSibling(RunFiles.DECISIONS))
                .filter(file -> !Files.isDirectory(file))
                .orElseThrow(() -> new InputException("give --decisions, a file for what is decided"));
    }
}
