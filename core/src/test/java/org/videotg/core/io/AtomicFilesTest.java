package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    private Path folder;

    /** Such as two evaluations that cache the features of the same video. */
    @Test
    @Timeout(60)
    void severalWritersOfOneFileDoNotDisturbEachOther() throws Exception {
        Path target = folder.resolve("shared");
        CountDownLatch writing = new CountDownLatch(2);
        List<CompletableFuture<Void>> writers = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> AtomicFiles.write(target, temporary -> {
                            Files.writeString(temporary, String.valueOf(i).repeat(100));
                            writing.countDown();
                            await(writing);
                        }),
                        task -> new Thread(task).start()))
                .toList();
        for (CompletableFuture<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
        assertTrue(Files.readString(target).matches("0{100}|1{100}"));
        assertEquals(List.of(target), files());
    }

    @Test
    void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path target = Files.writeString(folder.resolve("old"), "old");
        assertThrows(
                OutputException.class,
                () -> AtomicFiles.write(target, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IOException("disk full");
                }));
        assertThrows(
                InputException.class,
                () -> AtomicFiles.write(target, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new InputException("bad");
                }));
        assertEquals("old", Files.readString(target));
        assertEquals(List.of(target), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void temporaryFoldersAreTheirMakersOwn() throws IOException {
        Path first = AtomicFiles.temporaryFolder(folder.resolve("below"), "work");
        Path second = AtomicFiles.temporaryFolder(folder.resolve("below"), "work");
        assertNotEquals(first, second);
        assertTrue(Files.isDirectory(first), "a living process keeps its folder");
        if (Files.getFileStore(first).supportsFileAttributeView("posix")) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(first)));
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("the other writer never came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
