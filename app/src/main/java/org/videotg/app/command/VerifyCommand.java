package org.videotg.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.training.run.RunFolder;
import org.videotg.training.run.TrainingCheckpoints;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks the files of a run. */
@Command(
        name = "verify",
        description = {
            "Check the files of a run, a world or a model that was trained: sizes and checksums of checkpoints, models and "
                    + "videos, and that every JSON file can be read.",
            "Prints a line for every file that is missing or damaged. Exit code 1 if there is one."
        },
        footer = {"", "Example:", "  ./videotg verify runs/mine"})
final class VerifyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "folder of a run, a demo, a world or a trained model")
    private Path run;

    private final List<String> problems = new ArrayList<>();

    @Override
    public Integer call() {
        if (!Files.isDirectory(run)) {
            throw new InputException(run + " is not a folder; give that of a run");
        }
        List<Path> files = files();
        int listed = 0;
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.equals(Checksums.FILE)) {
                listed += entries(file.getParent());
            } else if (name.endsWith(".jsonl")) {
                check(() -> Jsonl.forEach(file, row -> {}));
            } else if (name.endsWith(".json")) {
                check(() -> json(file));
            }
        }
        for (Path file : files) {
            if (file.endsWith("checkpoints") && Files.isDirectory(file)) {
                // Checksums have been compared above.
                check(() -> new TrainingCheckpoints(file)
                        .latest()
                        .ifPresent(latest -> TrainingCheckpoints.state(latest, folder -> List.of())));
                check(() -> new RunFolder(file.getParent()).isFinished(folder -> List.of()));
            }
        }
        if (listed == 0 && problems.isEmpty()) {
            throw new InputException(run + " holds no " + Checksums.FILE + "; give a run, a world or a trained model");
        }
        problems.forEach(System.out::println);
        System.out.println(run + ": "
                + (problems.isEmpty() ? listed + " files are as they were written" : problems.size() + " problems"));
        return problems.isEmpty() ? 0 : 1;
    }

    private int entries(Path folder) {
        try {
            problems.addAll(Checksums.problems(folder));
            return Checksums.read(folder).size();
        } catch (InputException e) {
            problems.add(e.getMessage());
            return 0;
        }
    }

    private void check(Runnable read) {
        try {
            read.run();
        } catch (InputException e) {
            // The readers of runs add to a line that is there already what to do about it.
            if (problems.stream().noneMatch(problem -> e.getMessage().startsWith(problem))) {
                problems.add(e.getMessage());
            }
        }
    }

    private static void json(Path file) {
        JsonNode node = Json.parse(AtomicFiles.readString(file), file.toString());
        if (node.isMissingNode() || node.isNull()) {
            throw new InputException(file + " is empty; restore it, or remove it and make it again");
        }
    }

    /** Everything below the folder, hidden files and folders left out. */
    private List<Path> files() {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(file -> !run.relativize(file).toString().matches("(.*[/\\\\])?\\..*"))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new InputException("can't list " + run + ": " + e.getMessage() + "; check the folder", e);
        }
    }
}
