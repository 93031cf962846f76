package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporariesTest {
    @TempDir
    private Path folder;

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNext() throws Exception {
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.resolve("videos/a.mp4").toString())
                .start();
        try (var out = killed.inputReader()) {
            out.readLine();
            FolderLock.take(folder, Duration.ZERO).close();
            assertEquals(1, partial().size(), "its process is alive");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        FolderLock.take(folder, Duration.ZERO).close();
        assertEquals(List.of(), partial());
    }

    /** Writes a file until it is killed. */
    static final class Writer {
        public static void main(String[] arguments) {
            AtomicFiles.write(Path.of(arguments[0]), temporary -> {
                Files.writeString(temporary, "half");
                System.out.println("writing");
                try {
                    Thread.sleep(Duration.ofMinutes(5).toMillis());
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
        }
    }

    @Test
    void whatAnotherMachineWritesIsLeftAloneForAnHour() throws IOException {
        Path other = Files.writeString(folder.resolve(".a.safetensors.00000000-1-abc-1.partial"), "half");
        FolderLock.take(folder, Duration.ZERO).close();
        assertTrue(Files.exists(other));
        Files.setLastModifiedTime(other, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        FolderLock.take(folder, Duration.ZERO).close();
        assertEquals(List.of(), partial());
    }

    @Test
    void filesOfOtherProgramsAreLeftAlone() throws IOException {
        Files.writeString(folder.resolve(".download.partial"), "half");
        Files.writeString(folder.resolve("a.1-1-1.partial"), "half");
        FolderLock.take(folder, Duration.ZERO).close();
        assertEquals(2, partial().size());
    }

    @Test
    void theLockOfAFileRemovesWhatWasLeftOfThatFileOnly() throws IOException {
        String dead = ".999999999-abc-1.partial";
        Files.writeString(folder.resolve(".rows.jsonl" + dead), "half");
        Path other = Files.writeString(folder.resolve(".others.jsonl" + dead), "half");
        FolderLock.beside(folder.resolve("rows.jsonl"), Duration.ZERO).close();
        assertEquals(List.of(other), partial());
    }

    private List<Path> partial() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(".partial")).toList();
        }
    }
}
