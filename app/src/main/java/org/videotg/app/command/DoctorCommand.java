package org.videotg.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Doctor;
import org.videotg.app.doctor.Finding;
import org.videotg.app.doctor.Findings;
import org.videotg.app.doctor.Installation;
import org.videotg.app.measure.MeasureSettings;
import org.videotg.app.measure.Measurements;
import org.videotg.app.measure.Measurer;
import org.videotg.app.measure.ModelSize;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks this machine. */
@Command(
        name = "doctor",
        description = "Report what this machine has (cores, threads in use, memory, versions) and what is missing. "
                + "The exit code is 1 if anything required is missing, or if measured results differ too much.",
        footer = {"", "Example:", "  ./videotg doctor --json", "  ./videotg doctor --measure --minutes 5"})
final class DoctorCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DoctorCommand.class);

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(
            names = "--measure",
            description = "measure how fast and how exact this machine computes, with the small model and with random"
                    + " models of true sizes, and say what to do (docs/platforms.md)")
    private boolean measure;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "5",
            description = "with --measure: about how long it may take; what would take longer is left out; default:"
                    + " ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--sizes",
            paramLabel = "LIST",
            defaultValue = ModelSize.ALL,
            description = "with --measure: sizes of the random models, or none; default: ${DEFAULT-VALUE}")
    private String sizes;

    /** The findings with the measurements. */
    private record Measured(boolean ok, List<Finding> findings, Measurements measured) {}

    @Override
    public Integer call() {
        if (!(minutes > 0)) {
            throw new InputException("--minutes must be above 0, not " + minutes);
        }
        MeasureSettings settings = new MeasureSettings(minutes, ModelSize.parse(sizes));
        Findings findings = Findings.of(Doctor.examine(Installation.current()));
        if (!json) {
            findings.lines().forEach(System.out::println);
        }
        findings.advice().forEach(LOG::info);
        if (!measure || !findings.ok()) {
            if (json) {
                System.out.println(Json.line(findings));
            }
            return findings.ok() ? 0 : 1;
        }
        Measurements measured = Measurer.measure(Installation.current(), settings);
        if (json) {
            System.out.println(Json.line(new Measured(measured.agree(), findings.findings(), measured)));
        } else {
            measured.lines().forEach(System.out::println);
        }
        return measured.agree() ? 0 : 1;
    }
}
