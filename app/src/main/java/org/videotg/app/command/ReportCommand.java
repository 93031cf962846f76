package org.videotg.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.videotg.app.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a run's report. */
@Command(
        name = "report",
        description = "Write report/index.html, one self-contained page, into the folder of a demo, a training run or "
                + "an evaluation.",
        footer = {"", "Example:", "  ./videotg report videotg-runs/demo"})
final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "folder of the run")
    private Path run;

    @Override
    public Integer call() {
        System.out.println(write(run));
        return 0;
    }

    static Path write(Path run) {
        return Report.write(run).toAbsolutePath().normalize();
    }
}
