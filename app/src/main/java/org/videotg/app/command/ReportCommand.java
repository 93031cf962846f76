package org.videotg.app.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.report.Report;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.RunReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a run's report. */
@Command(
        name = "report",
        description = "Write report/index.html, one self-contained page, into the folder of a demo, a training run or "
                + "an evaluation.",
        footer = {
            "",
            "Example:",
            "  ./videotg report videotg-runs/demo",
            "  ./videotg report runs/mine --reflections reflections.jsonl --difficulty difficulty.jsonl"
        })
final class ReportCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ReportCommand.class);

    @Parameters(index = "0", paramLabel = "RUN", description = "folder of the run")
    private Path run;

    @Option(
            names = "--reflections",
            paramLabel = "FILE",
            description = "verdicts of reflect; default: reflections.jsonl in RUN/agents or RUN, or around its data")
    private Path reflections;

    @Option(
            names = "--difficulty",
            paramLabel = "FILE",
            description = "verdicts of difficulty; default: difficulty.jsonl in RUN/agents or RUN, or around its data")
    private Path difficulty;

    @Override
    public Integer call() {
        RunParts parts = RunReader.read(run, Optional.ofNullable(reflections), Optional.ofNullable(difficulty));
        parts.notes().forEach(note -> LOG.warn("{}", note));
        Path page = Report.write(run, parts);
        System.out.println(page.toAbsolutePath().normalize());
        return 0;
    }
}
