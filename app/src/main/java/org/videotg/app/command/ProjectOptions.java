package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Installation;
import org.videotg.app.project.Project;
import org.videotg.app.project.ProjectRun;
import org.videotg.app.project.StageKind;
import org.videotg.core.io.InputException;
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

    @Option(
            names = "--from",
            paramLabel = "STAGE",
            completionCandidates = Stages.class,
            description =
                    "run this stage and all later ones again; what they had left is moved to OUT/replaced. One of "
                            + "${COMPLETION-CANDIDATES}")
    private String from;

    @Option(
            names = "--until",
            paramLabel = "STAGE",
            completionCandidates = Stages.class,
            description = "stop after this stage")
    private String until;

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
        ProjectRun.Part part = new ProjectRun.Part(only, stage("--from", from), stage("--until", until));
        if (dryRun) {
            run.dryRun(part).forEach(System.out::println);
            return 0;
        }
        project.summary().forEach(LOG::info);
        Optional<ProjectRun.Results> results = run.run(command, part, LOG::info);
        results.ifPresent(found -> {
            found.warnings().forEach(warning -> LOG.warn("{}", warning));
            found.table().forEach(System.out::println);
            System.out.println("report: " + found.page().toAbsolutePath().normalize());
            found.findings().forEach(System.out::println);
        });
        if (results.isEmpty()) {
            System.out.println(out + ": no arm has been evaluated yet; run it again without --until");
        }
        return 0;
    }

    private static Optional<StageKind> stage(String option, String name) {
        if (name == null) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(StageKind.values())
                .filter(kind -> kind.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        option + " must be one of " + String.join(", ", new Stages()) + ", not \"" + name + "\"")));
    }

    /** Names for the help text. */
    private static final class Stages extends ArrayList<String> {
        Stages() {
            super(Arrays.stream(StageKind.values()).map(StageKind::id).toList());
        }
    }
}
