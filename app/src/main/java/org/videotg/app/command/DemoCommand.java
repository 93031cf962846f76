package org.videotg.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.videotg.app.doctor.Installation;
import org.videotg.app.project.Project;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the project of the demo: the whole method on a small world. */
@Command(
        name = "demo",
        description = {
            "Run the whole method: render a small world of mp4 files, run both agents, train several arms in parallel, "
                    + "evaluate them on the same videos and write a report. Takes 5 to 10 minutes on 2 cores.",
            "Running a stopped demo again with the same --out resumes it."
        },
        footer = {"", "Example:", "  ./videotg demo --out videotg-runs/demo"})
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "videotg-runs/demo",
            description = "folder of the demo; default: ${DEFAULT-VALUE}")
    private Path out;

    @Mixin
    private ProjectOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path file = Installation.current().recipes().resolve("demo").resolve("project.yaml");
        return options.run(file, Project.read(file), Checks.folder("--out", out), VideoTg.arguments(spec));
    }
}
