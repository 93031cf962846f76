package org.videotg.core.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderHasOneHolderAtATime() {
        try (FolderLock first = FolderLock.take(folder, Duration.ZERO)) {
            String message = assertThrows(InputException.class, () -> FolderLock.take(folder, Duration.ZERO))
                    .getMessage();
            assertTrue(message.contains("in use by another run"), message);
        }
        assertDoesNotThrow(() -> FolderLock.take(folder, Duration.ZERO).close());
    }

    @Test
    void aFileIsHeldWithoutItsFolder() {
        Path file = folder.resolve("rows.jsonl");
        try (FolderLock first = FolderLock.beside(file, Duration.ZERO)) {
            String message = assertThrows(InputException.class, () -> FolderLock.beside(file, Duration.ZERO))
                    .getMessage();
            assertTrue(message.contains("rows.jsonl is in use by another run"), message);
            assertDoesNotThrow(() -> FolderLock.beside(folder.resolve("others.jsonl"), Duration.ZERO)
                    .close());
        }
        assertDoesNotThrow(() -> FolderLock.beside(file, Duration.ZERO).close());
    }

    @Test
    void aProcessThatIsKilledGivesItBack() throws Exception {
        Process holder = holder();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8))) {
            assertEquals("held", out.readLine());
            assertThrows(InputException.class, () -> FolderLock.take(folder, Duration.ZERO));
        } finally {
            holder.destroyForcibly().waitFor();
        }
        FolderLock.take(folder, Duration.ofSeconds(10)).close();
    }

    /** Closing a file gives back all locks that a process has on it, so a refused thread must not open it. */
    @Test
    void aThreadThatIsRefusedDoesNotGiveTheLockBack() throws Exception {
        try (FolderLock first = FolderLock.take(folder, Duration.ZERO)) {
            assertThrows(InputException.class, () -> FolderLock.take(folder, Duration.ZERO));
            Process holder = holder();
            try (BufferedReader out = new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8))) {
                assertEquals("refused", out.readLine());
            } finally {
                holder.destroyForcibly().waitFor();
            }
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .start();
    }

    /** Holds the lock until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws InterruptedException {
            try {
                FolderLock.take(Path.of(arguments[0]), Duration.ZERO);
            } catch (InputException e) {
                System.out.println("refused");
                return;
            }
            System.out.println("held");
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        }
    }
}
