package org.videotg.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.optimizer.AdamW;

/**
 * The training checkpoints of a run, from which it resumes. Each is a folder {@code step-N} with the trained weights,
 * {@code optimizer.safetensors}, {@code state.json} ({@link TrainingState}) and checksums. It appears whole; only then
 * are older ones deleted. The newest one counts. Where the optimizer's state is spread over ranks, each writes
 * {@code optimizer-K-of-N.safetensors} with its slices; a run of any number of ranks reads them.
 */
public final class TrainingCheckpoints {
    private static final String STATE = "state.json";
    private static final Pattern NAME = Pattern.compile("step-\\d{8,}");

    private final Path folder;

    /** @param folder created with the first checkpoint */
    public TrainingCheckpoints(Path folder) {
        this.folder = folder;
    }

    /** Returns the folder of the newest checkpoint, whatever its state. */
    public Optional<Path> latest() {
        return all().stream()
                .max(Comparator.comparing(path -> path.getFileName().toString()));
    }

    private List<Path> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry ->
                            NAME.matcher(entry.getFileName().toString()).matches())
                    .toList();
        } catch (IOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage() + "; check the folder", e);
        }
    }

    /**
     * Reads how far a checkpoint has got, after checking all its files.
     *
     * @throws InputException if it is damaged
     */
    public static TrainingState state(Path checkpoint) {
        return state(checkpoint, Checksums::problems);
    }

    /**
     * Reads how far a checkpoint has got.
     *
     * @param problems compares the files of a folder with its checksums, and says what is wrong
     */
    public static TrainingState state(Path checkpoint, Function<Path, List<String>> problems) {
        String remedy = "; restore the file, or delete " + checkpoint + " to go on from the checkpoint before it, if"
                + " there is one, or else from the beginning";
        if (!Files.exists(checkpoint.resolve(Checksums.FILE)) && !predatesChecksums(checkpoint)) {
            throw new InputException(checkpoint + " is incomplete: " + Checksums.FILE + " is missing" + remedy);
        }
        for (String problem : predatesChecksums(checkpoint) ? List.<String>of() : problems.apply(checkpoint)) {
            throw new InputException(problem + remedy);
        }
        TrainingState state = Json.read(checkpoint.resolve(STATE), TrainingState.class);
        if (!name(state).equals(checkpoint.getFileName().toString())) {
            throw new InputException(checkpoint + " is the checkpoint of step " + state.steps() + "; rename it");
        }
        return state;
    }

    /** Returns whether a run wrote it before there were checksums: the file {@code latest} then named a whole one. */
    static boolean predatesChecksums(Path checkpoint) {
        Path latest = checkpoint.resolveSibling("latest");
        return Files.exists(latest)
                && AtomicFiles.readString(latest)
                        .strip()
                        .equals(checkpoint.getFileName().toString())
                && !Files.exists(checkpoint.resolve(Checksums.FILE));
    }

    /** Returns whether the checkpoint of this state has been written. */
    boolean has(TrainingState state) {
        return Files.exists(folder.resolve(name(state)));
    }

    private static String name(TrainingState state) {
        return RunFolder.stepName(state.steps());
    }

    /** Restores the optimizer's state, or the slices of it that this rank keeps. */
    public static void restore(Path checkpoint, AdamW optimizer, long steps) {
        try (OptimizerFiles files = OptimizerFiles.open(checkpoint);
                PointerScope scope = new PointerScope()) {
            try (ModelParameters saved = new ModelParameters(checkpoint.toString(), files.read(optimizer.state()))) {
                optimizer.restore(saved, steps);
            }
        }
    }

    /**
     * Writes a checkpoint and makes it the newest one.
     *
     * @param weights writes the trained weights into a folder
     */
    public void write(TrainingState state, Consumer<Path> weights, AdamW optimizer) {
        write(state, partial -> {
            weights.accept(partial);
            SafetensorsWriter.write(partial.resolve(OptimizerFiles.WHOLE), optimizer.state(), Map.of());
        });
    }

    /**
     * Writes a checkpoint whose optimizer is spread over the ranks of a group, all of which call this. The first rank
     * completes it when all have written and forced their parts.
     */
    void writeShared(TrainingState state, Consumer<Path> weights, AdamW optimizer, ProcessGroup group) {
        if (group.isFirst()) {
            write(state, partial -> {
                weights.accept(partial);
                String name = partial.getFileName().toString();
                part(group.gather(List.of(name), String.class), optimizer, group);
                group.await();
            });
        } else {
            part(group.gather(List.of(), String.class), optimizer, group);
            group.await();
        }
    }

    /** Writes a rank's part into the unfinished folder of the first rank. */
    private void part(List<List<String>> names, AdamW optimizer, ProcessGroup group) {
        Path partial = folder.resolve(names.get(0).get(0));
        if (!Files.isDirectory(partial)) {
            throw new InputException("rank " + group.rank() + " does not see " + partial
                    + ", which rank 0 has made; put the run's folder (--out) on a file system that all hosts share");
        }
        SafetensorsWriter.write(
                partial.resolve(OptimizerFiles.part(group.rank(), group.size())), optimizer.state(), Map.of());
    }

    private void write(TrainingState state, Consumer<Path> tensors) {
        Path target = folder.resolve(name(state));
        AtomicFiles.writeFolder(target, partial -> {
            tensors.accept(partial);
            AtomicFiles.writeString(partial.resolve(STATE), Json.pretty(state));
        });
        for (Path older : all()) {
            if (!older.equals(target)) {
                AtomicFiles.deleteTree(older);
            }
        }
    }
}
