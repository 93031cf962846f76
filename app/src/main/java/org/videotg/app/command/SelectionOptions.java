package org.videotg.app.command;

import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Samples;
import org.videotg.method.reflection.ReflectionPolicy;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.selection.Selection;
import org.videotg.method.selection.SelectionSettings;
import picocli.CommandLine.Option;

/** Options of the commands that select samples, and how they write them down. */
final class SelectionOptions {
    private static final Logger LOG = LoggerFactory.getLogger(SelectionOptions.class);

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "samples (jsonl)")
    private Path data;

    @Option(
            names = "--reflections",
            required = true,
            paramLabel = "FILE",
            description = "verdicts of boundary reflection (jsonl)")
    private Path reflections;

    @Option(
            names = "--difficulty",
            required = true,
            paramLabel = "FILE",
            description = "verdicts of difficulty estimation (jsonl)")
    private Path difficulty;

    @Option(
            names = "--fraction",
            paramLabel = "F",
            defaultValue = "0.1",
            description = "share of the data that is selected; default: ${DEFAULT-VALUE}")
    private double fraction;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the selected samples (jsonl)")
    private Path out;

    @Option(names = "--report", paramLabel = "FILE", description = "also write what became of all samples (json)")
    private Path report;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "discard",
            description =
                    "for partially annotated samples: discard (default), repair (train on annotation and reflected spans) "
                            + "or review (leave out until a person has decided)")
    private String policy;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description = "what people decided, rows {\"id\",\"decision\":\"keep|discard|repair\"}; "
                    + "they override the agent's verdicts")
    private Path decisions;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "seed of the choice among equals; default: 0")
    private long seed;

    @Option(names = "--json", description = "print the report as one JSON object")
    private boolean json;

    Path data() {
        return data;
    }

    Path reflections() {
        return reflections;
    }

    Path difficulty() {
        return difficulty;
    }

    long seed() {
        return seed;
    }

    SelectionSettings settings() {
        return SelectionSettings.defaults()
                .withFraction(fraction)
                .withPolicy(ReflectionPolicy.named(policy))
                .withSeed(seed);
    }

    Map<String, ReviewDecision.Choice> decisions() {
        return decisions == null ? Map.of() : ReviewDecision.read(decisions);
    }

    /** Writes and prints the selection. */
    int write(Selection selection) {
        Checks.file("--out", out);
        try (FolderLock lock = FolderLock.beside(out, Checks.LOCK_TIMEOUT)) {
            Samples.write(
                    out,
                    selection.samples().stream()
                            .map(sample -> Samples.relocate(sample, data, out))
                            .toList());
            if (report != null) {
                AtomicFiles.writeString(report, Json.pretty(selection.report()));
            }
        }
        System.out.println(json ? Json.line(selection.report()) : text(selection.report()));
        if (!selection.report().full()) {
            LOG.warn(
                    "only {} of the {} wanted samples could be selected",
                    selection.report().selected(),
                    selection.report().wanted());
        }
        return 0;
    }

    private String text(Selection.Report report) {
        return String.join(
                System.lineSeparator(),
                out + ": " + report.selected() + " of " + report.original() + " samples (" + report.wanted()
                        + " wanted)",
                "of " + report.pool() + " samples that reflection has judged:",
                "  kept " + report.kept() + ", repaired " + report.repaired() + " (trained on annotation and reflected"
                        + " spans)",
                "  undecided " + report.undecided() + " (too few replies could be parsed; kept, and counted there)",
                "  discarded " + report.discarded() + " (partially annotated, or by a person)",
                "  pending " + report.pending() + " (wait for a person: --decisions FILE)",
                "  failed " + report.failed() + " (could not be judged; reflect or difficulty --retry asks again)",
                "of those kept or repaired:",
                "  hard " + report.hard() + ", of which not eligible " + report.ineligible()
                        + " (the annotation may be wrong; never selected)",
                "  without difficulty " + report.unrated() + " (no verdict yet)");
    }
}
