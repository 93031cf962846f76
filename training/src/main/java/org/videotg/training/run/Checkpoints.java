package org.videotg.training.run;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.training.optimizer.AdamW;

/**
 * The training checkpoints of a run, from which it resumes. Each is a folder {@code step-N} with the trained weights,
 * {@code optimizer.safetensors} and {@code state.json} ({@link TrainingState}), written under a temporary name and then
 * moved. The file {@code latest} always names a complete checkpoint; older ones are deleted.
 */
public final class Checkpoints {
    private static final String POINTER = "latest";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    private final Path folder;

    /** @param folder created with the first checkpoint */
    public Checkpoints(Path folder) {
        this.folder = folder;
    }

    /** Returns the folder of the newest checkpoint. */
    public Optional<Path> latest() {
        Path pointer = folder.resolve(POINTER);
        if (!Files.exists(pointer)) {
            return Optional.empty();
        }
        String name = AtomicFiles.readString(pointer).strip();
        Path checkpoint = folder.resolve(name);
        if (name.isEmpty() || name.contains("/") || !Files.isRegularFile(checkpoint.resolve(STATE))) {
            throw new InputException(pointer + " names \"" + name
                    + "\", which is not a checkpoint; correct it, or delete " + folder + " to begin anew");
        }
        return Optional.of(checkpoint);
    }

    public static TrainingState state(Path checkpoint) {
        return Json.read(checkpoint.resolve(STATE), TrainingState.class);
    }

    /** Restores the optimizer's state. */
    public static void restore(Path checkpoint, AdamW optimizer, long steps) {
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve(OPTIMIZER));
                PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            file.names().forEach(name -> tensors.put(name, file.tensor(name)));
            try (ModelParameters saved =
                    new ModelParameters(checkpoint.resolve(OPTIMIZER).toString(), tensors)) {
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
        String name = String.format(Locale.ROOT, "step-%08d", state.steps());
        Path partial = folder.resolve("." + name + ".partial");
        Path target = folder.resolve(name);
        try {
            delete(partial);
            Files.createDirectories(partial);
            weights.accept(partial);
            SafetensorsWriter.write(partial.resolve(OPTIMIZER), optimizer.state(), Map.of());
            AtomicFiles.writeString(partial.resolve(STATE), Json.pretty(state));
            if (!latest().equals(Optional.of(target))) {
                // A folder without the pointer was left by a run that stopped between the move and the pointer.
                delete(target);
                move(partial, target);
                AtomicFiles.writeString(folder.resolve(POINTER), name + "\n");
            }
            deleteOthers(name);
        } catch (IOException e) {
            throw new InputException(
                    "can't write the checkpoint " + target + ": " + e.getMessage()
                            + "; check the folder and free space",
                    e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    private void deleteOthers(String kept) throws IOException {
        List<Path> others;
        try (Stream<Path> entries = Files.list(folder)) {
            others = entries.filter(Files::isDirectory)
                    .filter(entry -> {
                        String name = entry.getFileName().toString();
                        return (name.startsWith("step-") || name.startsWith(".step-")) && !name.equals(kept);
                    })
                    .toList();
        }
        for (Path other : others) {
            delete(other);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(tree)) {
            entries = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.delete(entry);
        }
    }
}
