package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.convert.Conversion;
import org.videotg.app.convert.ConversionReport;
import org.videotg.app.convert.ConvertSettings;
import org.videotg.benchmarks.annotation.Quirk;
import org.videotg.benchmarks.annotation.ReadSettings;
import org.videotg.benchmarks.export.Export;
import org.videotg.benchmarks.export.ExportFormat;
import org.videotg.benchmarks.export.SampleText;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Annotations of any format to any other. */
@Command(
        name = "convert",
        description = {
            "Turn annotations of one format into another, this project's jsonl by default, and report what is "
                    + "odd about them and which videos are missing.",
            "Reads charades-sta, activitynet (also the json of Time-R1 and TimeZero), tacos-frames, qvhighlights (also TACoS "
                    + "in seconds), timer1, tvgbench, nextgqa, rextime, timelens-bench, timelens, timelens-filtered, "
                    + "videochat-r1-gqa, own, and what it writes. Writes own, timer1, timelens, easyr1, ms-swift, llama-factory.",
            "Nothing is changed silently: odd rows are counted and kept as they are unless --fix is given; rows that can't "
                    + "be read are named and left out."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg convert charades_sta_test.txt --durations Charades_v1_test.csv --videos Charades_v1_480 "
                    + "--out test.jsonl",
            "  ./videotg convert gsub_val.json --questions val.csv --videos NExTVideo --out nextgqa.jsonl",
            "  ./videotg convert selected.jsonl --to llama-factory --out LLaMA-Factory/data/selected.json",
            "  ./videotg convert train.jsonl --check"
        })
final class ConvertCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ConvertCommand.class);

    private static final String ALL = "all";

    @Parameters(index = "0", paramLabel = "FILE", description = "annotations")
    private Path annotations;

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            description = "format of the file; default: recognised by the content")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            defaultValue = "own",
            description = "format to write; default: ${DEFAULT-VALUE}")
    private String to;

    @Option(names = "--out", paramLabel = "FILE", description = "file to write")
    private Path out;

    @Option(names = "--check", description = "only report; write nothing")
    private boolean check;

    @Option(
            names = "--videos",
            paramLabel = "DIR",
            description =
                    "folder of the video files, sub-folders included; rows without a file are left out. Default: paths "
                            + "stay as they are")
    private Path videos;

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
            description =
                    "mend these quirks, or all: reversed (ends swapped), negative (raised to 0), beyond (lowered to the "
                            + "duration), zero-length, duplicate, blank-answer, ambiguous-answer, not-annotated (dropped)")
    private List<String> fix = new ArrayList<>();

    @Option(names = "--strict", description = "stop at the first row or video that would be left out")
    private boolean strict;

    @Option(names = "--absolute", description = "write absolute paths of videos; default: relative to the file")
    private boolean absolute;

    @Option(names = "--json", description = "print one JSON object: samples, missing, bad, quirks, fixed, ...")
    private boolean json;

    @Override
    public Integer call() {
        if (out == null && !check) {
            throw new InputException("--out FILE is missing; give it, or --check to write nothing");
        }
        ExportFormat format = ExportFormat.named(to);
        Path target = out == null ? annotations : Checks.file("--out", out);
        ReadSettings read = new ReadSettings(
                Optional.ofNullable(from), Optional.ofNullable(durations), Optional.ofNullable(questions), strict);
        Conversion conversion = Conversion.of(
                new ConvertSettings(annotations, read, Optional.ofNullable(videos), fixes(), absolute, target));
        Export export = format.preview(conversion.samples());
        if (strict && !export.leftOut().isEmpty()) {
            throw new InputException("samples would be left out: "
                    + export.leftOut().keySet().iterator().next());
        }
        if (!check) {
            export = format.export(conversion.samples(), target, SampleText.plain());
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

    private Set<Quirk> fixes() {
        Set<Quirk> fixes = EnumSet.noneOf(Quirk.class);
        fix.forEach(
                label -> fixes.addAll(label.equals(ALL) ? EnumSet.allOf(Quirk.class) : Set.of(Quirk.labelled(label))));
        return fixes;
    }
}
