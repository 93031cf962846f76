package org.videotg.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Samples;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReflectionPolicy;
import org.videotg.method.selection.PlantedTruth;
import org.videotg.method.selection.Selection;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.Selector;
import picocli.CommandLine.Option;

/** Options of the commands that select samples, and how they write them down. */
final class SelectionOptions {
    private static final Logger LOG = LoggerFactory.getLogger(SelectionOptions.class);
    private static final String SELECTION = "selection";

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "samples (jsonl)")
    private Path data;

    @Option(
            names = "--reflections",
            paramLabel = "FILE",
            description = "verdicts of boundary reflection (jsonl), for strategies that ask for them")
    private Path reflections;

    @Option(
            names = "--difficulty",
            paramLabel = "FILE",
            description = "verdicts of difficulty estimation (jsonl), for strategies that ask for them")
    private Path difficulty;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            description = "how samples are chosen: stratified (default), random, iou-range, gaussian, inverse-iou, "
                    + "balanced, or oracle with --truth; docs/method.md has the rules")
    private String strategy;

    @Option(names = "--fraction", paramLabel = "F", description = "share of the data that is selected; default: 0.1")
    private Double fraction;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "any other setting of the selection; a wrong name lists them all")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "yaml whose mapping \"selection\" has settings; the options above change them. curate reads"
                    + " \"reflection\" and \"difficulty\" too; other keys are ignored")
    private Path file;

    @Option(
            names = "--truth",
            paramLabel = "FILE",
            description = "planted truth of a world (truth.jsonl), for the strategy oracle only")
    private Path truth;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the selected samples (jsonl)")
    private Path out;

    @Option(names = "--report", paramLabel = "FILE", description = "also write what became of all samples (json)")
    private Path report;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description =
                    "for partially annotated samples: discard (default), repair (train on annotation and reflected spans) "
                            + "or review (leave out until a person has decided)")
    private String policy;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description = "what people decided with ./videotg review (jsonl, docs/review.md); "
                    + "their decisions override the agent's verdicts")
    private Path decisions;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "seed of the order in which samples are looked at and of draws; default: 0")
    private Long seed;

    @Option(names = "--json", description = "print the report as one JSON object")
    private boolean json;

    Path out() {
        return out;
    }

    Path data() {
        return data;
    }

    /** The file of verdicts of reflection. */
    Path reflections() {
        return needed("--reflections", reflections);
    }

    /** The file of verdicts of difficulty estimation. */
    Path difficulty() {
        return needed("--difficulty", difficulty);
    }

    private Path needed(String option, Path given) {
        if (given == null) {
            throw new InputException("the strategy " + settings().strategy().id() + " needs verdicts; give " + option);
        }
        return given;
    }

    /** The seed of the command. */
    long seed() {
        return seed == null ? 0 : seed;
    }

    /** @throws InputException if the file of settings has neither "selection" nor one of these sections */
    void requireSection(String... names) {
        List<String> known =
                Stream.concat(Stream.of(SELECTION), Arrays.stream(names)).toList();
        if (file != null && known.stream().allMatch(name -> section(name).isMissingNode())) {
            throw new InputException(file + ": has none of the mappings " + String.join(", ", known));
        }
    }

    /** The section of the file of settings; missing if there is none. */
    JsonNode section(String name) {
        return file == null ? MissingNode.getInstance() : Settings.mapping(file).path(name);
    }

    /** Where that section stands, for messages. */
    String where(String name) {
        return file + ": " + name;
    }

    SelectionSettings settings() {
        JsonNode section = section(SELECTION);
        if (!section.isMissingNode() && !section.isObject()) {
            throw new InputException(where(SELECTION) + " must be a mapping of keys to values");
        }
        ObjectNode tree = section.isObject() ? (ObjectNode) section : Json.MAPPER.createObjectNode();
        if (policy != null) {
            ReflectionPolicy.named(policy);
        }
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("strategy", strategy);
        options.put("fraction", fraction);
        options.put("policy", policy);
        options.put("seed", seed);
        options.forEach((key, value) -> {
            if (value != null) {
                tree.set(key, Json.MAPPER.valueToTree(value));
            }
        });
        Settings.set(tree, set, SelectionSettings.class);
        return Settings.bind(tree, SelectionSettings.class, file == null ? SELECTION : where(SELECTION));
    }

    Selector selector() {
        return new Selector(
                settings(),
                decisions == null ? Decisions.NONE : Decisions.read(decisions),
                Optional.ofNullable(truth).map(PlantedTruth::read));
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
            if (selection.pending().isEmpty()) {
                AtomicFiles.deleteTree(pending());
            } else {
                Samples.write(
                        pending(),
                        selection.pending().stream()
                                .map(sample -> Samples.relocate(sample, data, pending()))
                                .toList());
            }
        }
        System.out.println(json ? Json.line(selection.report()) : text(selection.report()));
        if (!selection.pending().isEmpty()) {
            LOG.info(
                    "{} samples wait for a decision; they are in {}. Decide with: {}",
                    selection.pending().size(),
                    pending(),
                    review());
        }
        if (!selection.report().full()) {
            LOG.warn(
                    "only {} of the {} wanted samples could be selected",
                    selection.report().selected(),
                    selection.report().wanted());
        }
        return 0;
    }

    /** The samples that wait for a person's decision. */
    private Path pending() {
        String name = out.getFileName().toString();
        return out.resolveSibling(name.replaceFirst("\\.jsonl$", "") + ".pending.jsonl");
    }

    /** The command with which people decide. */
    private String review() {
        Path decided = decisions == null ? data.resolveSibling("decisions.jsonl") : decisions;
        return "./videotg review --data " + data + " --reflections " + reflections
                + (difficulty == null ? "" : " --difficulty " + difficulty) + " --decisions " + decided;
    }

    private String text(Selection.Report report) {
        SelectionSettings settings = settings();
        List<String> lines = new ArrayList<>();
        lines.add(out + ": " + report.selected() + " of " + report.original() + " samples (" + report.wanted()
                + " wanted), strategy " + settings.strategy().id());
        if (!settings.reflects() && !settings.rates() && truth == null) {
            lines.add("no agent was asked");
            return String.join(System.lineSeparator(), lines);
        }
        lines.add("of " + report.pool() + " samples that were looked at:");
        lines.add("  kept " + report.kept()
                + (settings.reflects()
                        ? ", repaired " + report.repaired() + " (trained on annotation and reflected spans)"
                        : ""));
        if (settings.reflects()) {
            lines.add("  undecided " + report.undecided()
                    + " (too few replies could be parsed; kept, and counted there)");
            lines.add("  pending " + report.pending() + " (wait for a person"
                    + (report.pending() == 0 ? ")" : ": " + pending() + ")"));
        }
        if (settings.reflects() || truth != null) {
            lines.add("  discarded " + report.discarded()
                    + (truth == null
                            ? " (partially annotated, or by a person)"
                            : " (incomplete by the planted truth)"));
        }
        if (settings.reflects() || settings.rates()) {
            lines.add(
                    "  failed " + report.failed() + " (could not be judged; reflect or difficulty --retry asks again)");
        }
        if (settings.rates()) {
            lines.add("of those kept" + (settings.reflects() ? " or repaired:" : ":"));
            lines.add("  hard " + report.hard());
            lines.add("  no candidates " + report.ineligible()
                    + " (hard with an annotation that may be wrong, or outside the range of iou-range)");
            lines.add("  without difficulty " + report.unrated() + " (no verdict yet)");
        }
        Cost cost = report.agentCost();
        lines.add(String.format(
                Locale.ROOT,
                "agents: %d reflected, %d rated, %,d token-forwards, %.1f CPU s",
                report.reflection().samples(),
                report.difficulty().samples(),
                cost.tokenForwards(),
                cost.cpuSeconds()));
        return String.join(System.lineSeparator(), lines);
    }
}
