package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.convert.Conversion;
import org.videotg.app.convert.ConversionReport;
import org.videotg.app.convert.HeldOut;
import org.videotg.app.convert.RolloutVerdicts;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.annotation.AnnotationFormat;
import org.videotg.benchmarks.annotation.Quirk;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.benchmarks.export.ExportFormat.Export;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.models.hub.HubDataFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Annotations of any format to any other. */
@Command(
        name = "convert",
        description = {
            "Turn annotations of one format into another, this project's jsonl by default, and report quirks and missing "
                    + "videos.",
            "Rows with quirks are counted and kept as they are unless --fix is given; rows that can't be read are named and "
                    + "left out."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg convert charades_sta_test.txt --durations Charades_v1_test.csv --videos Charades_v1_480 "
                    + "--out test.jsonl",
            "  ./videotg convert gsub_val.json --questions val.csv --videos NExTVideo --out nextgqa.jsonl",
            "  ./videotg convert selected.jsonl --to llama-factory --out LLaMA-Factory/data/selected.json",
            "  ./videotg convert rollouts.jsonl --videos DIR --out train.jsonl --difficulty difficulty.jsonl",
            "  ./videotg convert hf://datasets/OWNER/NAME/data/train-00000-of-00001.parquet --videos DIR --out train.jsonl",
            "  ./videotg convert train.jsonl --check"
        })
final class ConvertCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ConvertCommand.class);

    private static final String ALL = "all";

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description =
                    "annotations: a file (text or Parquet), or hf://datasets/OWNER/NAME[@REVISION]/PATH, which is "
                            + "downloaded unless it is in the cache")
    private String given;

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            completionCandidates = Formats.class,
            description = "format of the file, one of ${COMPLETION-CANDIDATES}; default: recognised by the content")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            defaultValue = "own",
            completionCandidates = ExportFormats.class,
            description = "format to write, one of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
    private String to;

    @Option(names = "--out", paramLabel = "FILE", description = "file to write")
    private Path out;

    @Option(names = "--check", description = "only report; write nothing")
    private boolean check;

    @Option(
            names = "--videos",
            paramLabel = "DIR",
            description =
                    "folder of the video files, sub-folders included; rows whose video is missing, broken or other than "
                            + "annotated are left out. Default: paths stay as they are")
    private Path videos;

    @Mixin
    private DeepOption deep;

    @Option(
            names = "--durations",
            paramLabel = "CSV",
            description =
                    "durations of Charades: Charades_v1_train.csv or _test.csv (columns id, length). Without it they are "
                            + "taken from the video files")
    private Path durations;

    @Option(names = "--questions", paramLabel = "CSV", description = "questions of NExT-GQA: val.csv or test.csv")
    private Path questions;

    @Option(
            names = "--fix",
            arity = "0..1",
            fallbackValue = ALL,
            split = ",",
            paramLabel = "QUIRK",
            completionCandidates = Quirks.class,
            description =
                    "repair these quirks, or all (what each fix does: docs/datasets.md): ${COMPLETION-CANDIDATES}")
    private List<String> fix = new ArrayList<>();

    @Option(names = "--strict", description = "stop at the first row or video that would be left out")
    private boolean strict;

    @Option(
            names = "--absolute",
            description = "write absolute paths of videos; default: relative to the file, if they lie near it")
    private boolean absolute;

    @Option(
            names = "--hold-out",
            paramLabel = "SHARE",
            description = "leave the samples of this share of the videos, drawn by their names, out of the file and "
                    + "write them to --held-out, to test on")
    private Double holdOut;

    @Option(names = "--held-out", paramLabel = "FILE", description = "file of the samples that --hold-out leaves out")
    private Path heldOut;

    @Option(names = "--missing", paramLabel = "FILE", description = "write the names of the missing videos, one a line")
    private Path missing;

    @Option(
            names = "--difficulty",
            paramLabel = "FILE",
            description =
                    "write verdicts of difficulty (jsonl) from the rows' rollouts, as TimeLens2 has them, for select and "
                            + "report")
    private Path difficulty;

    @Option(names = "--json", description = "print one JSON object: samples, missing, bad, quirks, fixed, ...")
    private boolean json;

    @Override
    public Integer call() {
        if (out == null && !check) {
            throw new InputException("--out FILE is missing; give it, or --check to write nothing");
        }
        Path annotations = HubDataFile.locate(given);
        ExportFormat format = ExportFormat.named(to);
        if (out == null && !annotations.toString().equals(given)) {
            LOG.info("{} is {}", given, annotations);
        }
        Path target = out == null ? annotations : Checks.file("--out", out);
        AnnotationFile.Settings read = new AnnotationFile.Settings(
                Optional.ofNullable(from), Optional.ofNullable(durations), Optional.ofNullable(questions), strict);
        Conversion conversion = Conversion.of(new Conversion.Settings(
                annotations,
                read,
                Optional.ofNullable(videos),
                deep.orElse(false),
                fixes(),
                new Conversion.Target(target, absolute, check)));
        if ((holdOut == null) != (heldOut == null)) {
            throw new InputException("--hold-out SHARE and --held-out FILE belong together; give both");
        }
        if (heldOut != null
                && heldOut.toAbsolutePath()
                        .normalize()
                        .equals(target.toAbsolutePath().normalize())) {
            throw new InputException("--held-out " + heldOut + " is the file of --out too; give another");
        }
        HeldOut split = HeldOut.of(conversion.samples(), holdOut == null ? 0 : holdOut);
        Export export = format.preview(split.kept());
        if (strict && !export.leftOut().isEmpty()) {
            throw new InputException("samples would be left out: "
                    + export.leftOut().keySet().iterator().next());
        }
        Optional<RolloutVerdicts> rollouts =
                Optional.ofNullable(difficulty).map(file -> RolloutVerdicts.of(split.kept(), annotations));
        if (!check) {
            try (FolderLock lock = FolderLock.beside(target, Checks.LOCK_TIMEOUT)) {
                if (heldOut != null) {
                    format.export(split.relocated(target, Checks.file("--held-out", heldOut)), heldOut);
                    LOG.info(
                            "{}: {} samples are held out", heldOut, split.held().size());
                }
                export = format.export(split.kept(), target);
            }
            rollouts.ifPresent(this::writeDifficulty);
        }
        if (missing != null) {
            AtomicFiles.writeString(
                    Checks.file("--missing", missing),
                    conversion.missing().keySet().stream()
                            .map(video -> video + "\n")
                            .collect(Collectors.joining()));
        }
        ConversionReport report = new ConversionReport(conversion, export);
        report.warnings().forEach(LOG::warn);
        if (json) {
            System.out.println(Json.line(report.json()));
        } else {
            System.out.println((check ? annotations : target) + ": " + report.headline());
            report.quirks().forEach(System.out::println);
        }
        return 0;
    }

    private void writeDifficulty(RolloutVerdicts rollouts) {
        Path file = Checks.file("--difficulty", difficulty);
        Jsonl.write(file, rollouts.verdicts());
        LOG.info("{}: difficulty of {} samples", file, rollouts.verdicts().size());
        if (!rollouts.without().isEmpty()) {
            LOG.warn(
                    "{} samples have no rollouts, such as {}; they have no verdict in {}",
                    rollouts.without().size(),
                    rollouts.without().get(0),
                    file);
        }
    }

    private Set<Quirk> fixes() {
        Set<Quirk> fixes = EnumSet.noneOf(Quirk.class);
        fix.forEach(key -> fixes.addAll(key.equals(ALL) ? EnumSet.allOf(Quirk.class) : Set.of(Quirk.of(key))));
        return fixes;
    }

    /** Names for the help text. */
    private static final class Formats extends ArrayList<String> {
        Formats() {
            super(AnnotationFormat.names());
        }
    }

    private static final class ExportFormats extends ArrayList<String> {
        ExportFormats() {
            super(ExportFormat.names());
        }
    }

    private static final class Quirks extends ArrayList<String> {
        Quirks() {
            super(Arrays.stream(Quirk.values()).map(Quirk::key).toList());
        }
    }
}
