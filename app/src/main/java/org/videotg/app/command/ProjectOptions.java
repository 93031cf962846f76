package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Installation;
import org.videotg.app.project.Project;
import org.videotg.app.project.ProjectRun;
import picocli.CommandLine.Option;

/** Options of the commands that run a project. */
final class ProjectOptions {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectOptions.class);

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "checkpoint that every arm starts from, in place of the project's bases")
    private String model;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "parallel processes, each with one thread; default: one per core")
    private Integer workers;

    @Option(
            names = "--only",
            paramLabel = "GLOB",
            defaultValue = "**",
            description = "run only the arms whose name DATA/seed-S/BASE/ARM fits, such as '*/seed-1/**'; default: all")
    private String only;

    @Option(names = "--dry-run", description = "run nothing: state the stages, CPU hours and disk space")
    private boolean dryRun;

    int run(Path file, Project read, Path out, List<String> command) {
        int count =
                workers == null ? Runtime.getRuntime().availableProcessors() : Checks.atLeast(1, "--workers", workers);
        Project project = model != null
                ? read.withBase(new Project.Base("model", model))
                : read.bases().isEmpty()
                        ? read.withBase(new Project.Base(
                                "small", Installation.current().embeddedModel().toString()))
                        : read;
        ProjectRun run = new ProjectRun(VideoTg.class, file, project, out, count);
        if (dryRun) {
            run.dryRun(only).forEach(System.out::println);
            return 0;
        }
        ProjectRun.Results results = run.run(command, only, LOG::info);
        results.table().forEach(System.out::println);
        System.out.println("report: " + results.page().toAbsolutePath().normalize());
        return 0;
    }
}
