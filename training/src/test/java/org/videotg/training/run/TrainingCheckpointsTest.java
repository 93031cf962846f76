package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FullDisk;
import org.videotg.core.io.InputException;
import org.videotg.core.io.PowerCut;
import org.videotg.core.run.Cost;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.optimizer.AdamW;
import org.videotg.training.optimizer.AdamWSettings;

class TrainingCheckpointsTest {
    @TempDir
    private Path work;

    private Path run;
    private TrainingCheckpoints checkpoints;
    private PointerScope scope;
    private AdamW optimizer;

    @BeforeEach
    void begin() throws IOException {
        run = Files.createDirectory(work.resolve("run"));
        checkpoints = new TrainingCheckpoints(run.resolve("checkpoints"));
        NativeRuntime.load();
        scope = new PointerScope();
        optimizer = new AdamW(
                Map.of("weight", Tensors.floats(new float[] {1, 2, 3}, 3)), new AdamWSettings(0.9, 0.95, 1e-8, 0.1));
    }

    @AfterEach
    void end() {
        optimizer.close();
        scope.close();
    }

    private void write(long steps) {
        checkpoints.write(
                new TrainingState(steps, new Fingerprints("recipe", "data", "model"), 0, Cost.NONE),
                partial -> AtomicFiles.writeString(partial.resolve("weights"), "after " + steps),
                optimizer);
    }

    @Test
    void afterAPowerCutTheNewestCheckpointIsTheOldOneOrTheNewOne() throws IOException {
        write(20);
        Set<Long> found = new HashSet<>();
        List<Path> images = PowerCut.during(run, work.resolve("images"), () -> write(40));
        for (Path image : images) {
            Path newest = new TrainingCheckpoints(image.resolve("checkpoints"))
                    .latest()
                    .orElseThrow();
            long steps = TrainingCheckpoints.state(newest).steps();
            assertEquals("after " + steps, Files.readString(newest.resolve("weights")));
            found.add(steps);
        }
        assertEquals(Set.of(20L, 40L), found);
        Path last = images.get(images.size() - 1).resolve("checkpoints");
        assertEquals(
                40,
                TrainingCheckpoints.state(new TrainingCheckpoints(last).latest().orElseThrow())
                        .steps());
        try (var left = Files.list(last)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void aFullDiskLeavesAWholeCheckpoint() throws IOException {
        write(20);
        int calls = 0;
        while (FullDisk.during(calls, () -> write(40))) {
            calls++;
            long steps = TrainingCheckpoints.state(checkpoints.latest().orElseThrow())
                    .steps();
            assertTrue(steps == 20 || steps == 40);
        }
        assertTrue(calls > 8, "calls that can fail: " + calls);
        assertEquals(
                40,
                TrainingCheckpoints.state(checkpoints.latest().orElseThrow()).steps());
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "half", "zeros", "bit", "missing"})
    void noDamagedCheckpointIsResumed(String damage) throws IOException {
        write(20);
        Path checkpoint = checkpoints.latest().orElseThrow();
        for (String name : List.of("state.json", "weights", "optimizer.safetensors", "checksums.jsonl")) {
            Path file = checkpoint.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            damage(file, damage);
            String message = assertThrows(InputException.class, () -> TrainingCheckpoints.state(checkpoint))
                    .getMessage();
            assertTrue(message.contains(checkpoint.toString()), message);
            Files.write(file, whole);
        }
        assertEquals(20, TrainingCheckpoints.state(checkpoint).steps());
    }

    private static void damage(Path file, String how) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long size = open.length();
            switch (how) {
                case "empty" -> open.setLength(0);
                case "half" -> open.setLength(size / 2);
                case "zeros" -> open.write(new byte[(int) size]);
                case "bit" -> {
                    open.seek(size / 2);
                    int value = open.read();
                    open.seek(size / 2);
                    open.write(value ^ 4);
                }
                default -> Files.delete(file);
            }
        }
    }

    @Test
    void whatIsNoCheckpointIsPassedOver() throws IOException {
        assertEquals(Optional.empty(), checkpoints.latest());
        Files.createDirectories(run.resolve("checkpoints/.step-00000020.1-1-1.partial"));
        assertEquals(Optional.empty(), checkpoints.latest());
    }
}
