package org.videotg.app.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.videotg.app.report.Report;
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
        Path page = Report.write(run, Optional.ofNullable(reflections), Optional.ofNullable(difficulty));
        System.out.println(page.toAbsolutePath().normalize());
        return 0;
    }
}
