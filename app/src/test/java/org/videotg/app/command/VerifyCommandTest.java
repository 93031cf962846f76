package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;

class VerifyCommandTest {
    @TempDir
    private Path folder;

    @Test
    void damageIsNamed() throws IOException {
        Path run = folder.resolve("run");
        AtomicFiles.writeFolder(run.resolve("model"), model -> {
            AtomicFiles.writeString(model.resolve("config.json"), "{}");
            AtomicFiles.writeString(model.resolve("model.safetensors"), "weights");
        });
        AtomicFiles.writeString(run.resolve("metrics.jsonl"), "{\"step\":0}\n");
        AtomicFiles.writeString(run.resolve("compute.json"), "{\"steps\":1}");
        Cli whole = Cli.good("verify", run);
        assertEquals(run + ": 2 files are as they were written", whole.out().strip());

        AtomicFiles.writeString(run.resolve("model/model.safetensors"), "weighTs");
        AtomicFiles.writeString(run.resolve("metrics.jsonl"), "{\"step\"");
        AtomicFiles.writeString(run.resolve("compute.json"), "");
        Cli damaged = Cli.run("verify", run);
        assertEquals(1, damaged.code());
        assertTrue(damaged.out().contains("model.safetensors is damaged"), damaged.out());
        assertTrue(damaged.out().contains("metrics.jsonl:1: not valid JSON"), damaged.out());
        assertTrue(damaged.out().contains("compute.json is empty"), damaged.out());
        assertTrue(damaged.out().contains(run + ": 3 problems"), damaged.out());
    }

    @Test
    void aCheckpointWithoutChecksumsAndAFolderThatIsNoRunAreRefused() throws IOException {
        Files.createDirectories(folder.resolve("run/checkpoints/step-00000020"));
        Cli run = Cli.run("verify", folder.resolve("run"));
        assertEquals(1, run.code());
        assertTrue(run.out().contains("step-00000020 is incomplete"), run.out());
        Cli other = Cli.run("verify", Files.createDirectory(folder.resolve("other")));
        assertTrue(other.err().contains("holds no checksums.jsonl"), other.err());
    }
}
