package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.Sha256;

/** Commands that write what another command is writing; each waits for some seconds. */
class LocksTest {
    @TempDir
    private Path folder;

    @Test
    void whatAnotherCommandWritesIsRefused() {
        Path world = Cli.world(folder.resolve("world"));
        Path data = world.resolve("train.jsonl");
        Path out = folder.resolve("converted.jsonl");
        Path features = folder.resolve("features");
        String work = Sha256.of(List.of(data) + "1/1").substring(0, 8);
        try (FolderLock first = FolderLock.take(world, Duration.ZERO);
                FolderLock second = FolderLock.beside(out, Duration.ZERO);
                FolderLock third = FolderLock.beside(features.resolve("features-" + work), Duration.ZERO)) {
            refused(
                    "world",
                    "--out",
                    world,
                    "--videos",
                    4,
                    "--test",
                    2,
                    "--seed",
                    3,
                    "--domain",
                    "base",
                    "--partial",
                    0.5);
            refused("convert", data, "--out", out);
            refused("features", "--data", data, "--features", features);
        }
        assertTrue(Files.notExists(out));
        Cli.good("convert", data, "--out", out);
    }

    private static void refused(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertEquals(1, run.code(), run.out());
        assertTrue(run.err().contains("is in use by another run"), run.err());
    }
}
