package org.videotg.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.videotg.app.inference.EvaluationParts;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.VerdictParts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Joins what processes have made of the parts of a data set. */
@Command(
        name = "merge",
        description = {
            "Join what reflect, difficulty or eval made with --part into what one process makes of all samples: files of "
                    + "verdicts into one file, folders of evaluations into one folder with the metrics of all.",
            "Samples that are missing or there twice are named, parts with other settings, models or data are refused, "
                    + "and then nothing is written."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg reflect --data runs/world/train.jsonl --part 1/2 --out runs/reflections-1.jsonl",
            "  ./videotg reflect --data runs/world/train.jsonl --part 2/2 --out runs/reflections-2.jsonl",
            "  ./videotg merge runs/reflections-1.jsonl runs/reflections-2.jsonl --data runs/world/train.jsonl \\",
            "      --out runs/reflections.jsonl"
        })
final class MergeCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "PART",
            description = "files of verdicts of one agent, or folders of evaluations")
    private List<Path> parts;

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "the samples of all parts (jsonl)")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "PATH",
            description = "file or folder of the result; it must not exist yet")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Path> folders = parts.stream().filter(Files::isDirectory).toList();
        if (!folders.isEmpty() && folders.size() < parts.size()) {
            throw new InputException(
                    folders.get(0) + " is a folder, others are files; give files of verdicts of one agent,"
                            + " or folders of evaluations");
        }
        try (FolderLock lock = FolderLock.beside(out, Checks.LOCK_TIMEOUT)) {
            if (Files.exists(out)) {
                throw new InputException("--out " + out + " is there already; remove it, or choose another name");
            }
            System.out.println(
                    folders.isEmpty()
                            ? text(VerdictParts.merge(data, parts, out))
                            : EvaluationParts.merge(data, parts, out, VideoTg.arguments(spec))
                                    .line());
        }
        return 0;
    }

    private String text(AgentRun.Summary summary) {
        return String.format(
                Locale.ROOT,
                "%s: %d verdicts of %d parts (%d could not be judged), %.1f CPU s, %,d token-forwards",
                out,
                summary.samples(),
                parts.size(),
                summary.failed(),
                summary.cost().cpuSeconds(),
                summary.cost().tokenForwards());
    }
}
