package org.videotg.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.videotg.app.project.Project;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a project. */
@Command(
        name = "run",
        description = {
            "Run a project: curate, train and evaluate its arms on every data set, with every seed and base model, "
                    + "in parallel, then write tables and reports. Each stage is a command of its own.",
            "Running a stopped project again with the same --out resumes it; what was added to the project is added."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg run recipes/demo/project.yaml --dry-run",
            "  ./videotg run recipes/demo/project.yaml --out videotg-runs/demo"
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "PROJECT", description = "yaml file, such as recipes/demo/project.yaml")
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the run")
    private Path out;

    @Mixin
    private ProjectOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return options.run(file, Project.read(file), Checks.folder("--out", out), VideoTg.arguments(spec));
    }
}
