package org.videotg.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLimitTest {
    @TempDir
    Path folder;

    @Test
    void theOldestGoUntilTheRestFits() throws IOException {
        for (int i = 0; i < 5; i++) {
            Path file = Files.write(folder.resolve("f" + i), new byte[100]);
            // The later in the alphabet, the older.
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 - 1000L * i));
        }
        Files.createDirectory(folder.resolve("stays"));
        new FolderLimit(folder, 250).trim();
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    new TreeSet<>(java.util.Set.of("f0", "f1", "stays")),
                    left.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
        new FolderLimit(folder.resolve("missing"), 1).trim();
    }
}
