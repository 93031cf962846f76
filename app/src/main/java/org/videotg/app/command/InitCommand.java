package org.videotg.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.videotg.app.doctor.Installation;
import org.videotg.app.project.NewProject;
import org.videotg.app.project.Project;
import org.videotg.benchmarks.annotation.AnnotationFormat;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a project for a user's own data. */
@Command(
        name = "init",
        description = {
            "Write a project for annotations and a folder of videos: which model, prompt, recipe and metrics, with the "
                    + "reasons as comments.",
            "./videotg run goes through its stages: convert, check, features, select, train, eval, score."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg init --annotations charades_sta_train.txt --test charades_sta_test.txt \\",
            "      --videos Charades_v1_480 --model Qwen/Qwen3-VL-2B-Instruct --out charades/project.yaml",
            "  ./videotg run charades/project.yaml --out charades/run --dry-run"
        })
final class InitCommand implements Callable<Integer> {
    @Option(
            names = "--annotations",
            required = true,
            paramLabel = "FILE",
            description = "annotations to train on, in any format of docs/datasets.md")
    private Path annotations;

    @Option(
            names = "--test",
            paramLabel = "FILE",
            description = "annotations to test on; default: a fifth of the videos is held out")
    private Path test;

    @Option(
            names = "--videos",
            required = true,
            paramLabel = "DIR",
            description = "folder of the video files, sub-folders included")
    private Path videos;

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            completionCandidates = Formats.class,
            description = "format of the annotations; default: recognised by the content")
    private String from;

    @Option(names = "--questions", paramLabel = "CSV", description = "questions of NExT-GQA for --annotations")
    private Path questions;

    @Option(names = "--test-questions", paramLabel = "CSV", description = "questions of NExT-GQA for --test")
    private Path testQuestions;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "model to start from: a folder, or a name such as Qwen/Qwen3-VL-2B-Instruct; default: the "
                    + "small model, which knows its small world only")
    private String model;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the project's file, which is new")
    private Path out;

    @Override
    public Integer call() {
        Checks.file("--out", out);
        if (Files.exists(out)) {
            throw new InputException("--out " + out + " exists; choose another name, or remove it first");
        }
        if (testQuestions != null && test == null) {
            throw new InputException("--test-questions belongs to --test FILE; give both");
        }
        NewProject project = new NewProject(
                new NewProject.Annotations(annotations, Optional.ofNullable(questions)),
                Optional.ofNullable(test)
                        .map(file -> new NewProject.Annotations(file, Optional.ofNullable(testQuestions))),
                videos,
                NewProject.Model.of(
                        model == null ? Installation.current().embeddedModel().toString() : model));
        AtomicFiles.writeString(out, project.text(out, Optional.ofNullable(from)));
        Project.read(out);
        System.out.println(
                out + ": written; next: ./videotg run " + out + " --out " + out.resolveSibling("run") + " --dry-run");
        return 0;
    }

    /** Names for the help text. */
    private static final class Formats extends ArrayList<String> {
        Formats() {
            super(AnnotationFormat.names());
        }
    }
}
