package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerCutTest {
    @TempDir
    private Path work;

    private Path root;
    private Path images;

    @BeforeEach
    void folders() throws IOException {
        root = Files.createDirectory(work.resolve("root"));
        images = work.resolve("images");
    }

    @Test
    void afterAPowerCutAFileIsTheOldOneOrTheNewOne() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "old");
        List<Path> left = PowerCut.during(root, images, () -> AtomicFiles.writeString(file, "new"));
        Set<String> seen = left.stream()
                .map(image -> AtomicFiles.readString(image.resolve("file")))
                .collect(Collectors.toSet());
        assertEquals(Set.of("old", "new"), seen);
        left.subList(left.size() - 3, left.size())
                .forEach(image -> assertEquals("new", AtomicFiles.readString(image.resolve("file"))));
    }

    @Test
    void aFileInNewFoldersStays() throws IOException {
        List<Path> left = PowerCut.during(root, images, () -> AtomicFiles.writeString(root.resolve("a/b/file"), "new"));
        left.subList(left.size() - 3, left.size())
                .forEach(image -> assertEquals("new", AtomicFiles.readString(image.resolve("a/b/file"))));
    }

    @Test
    void afterAPowerCutAFolderIsWholeOrNotThere() throws IOException {
        Path folder = root.resolve("folder");
        List<Path> left = PowerCut.during(
                root,
                images,
                () -> AtomicFiles.writeFolder(folder, temporary -> {
                    AtomicFiles.writeString(temporary.resolve("a"), "1");
                    AtomicFiles.writeString(temporary.resolve("below/b"), "2");
                }));
        for (Path image : left) {
            Path found = image.resolve("folder");
            if (Files.exists(found)) {
                assertEquals(List.of(), Checksums.problems(found));
                assertEquals(Set.of("a", "below/b"), Checksums.read(found).keySet());
            }
        }
        assertTrue(Files.exists(left.get(left.size() - 1).resolve("folder/below/b")));
    }

    @Test
    void aRowThatTookTimeStays() throws IOException {
        Path file = root.resolve("rows.jsonl");
        List<Path> left = PowerCut.during(root, images, () -> {
            JsonlLog log = JsonlLog.open(file);
            log.append(Map.of("id", "a"));
            // Not forced: no time has passed, and nobody closes the log.
            log.append(Map.of("id", "b"));
        });
        Path last = left.get(left.size() - 1);
        assertEquals(1, Jsonl.read(last.resolve("rows.jsonl")).size());
        left = PowerCut.during(root, work.resolve("more"), () -> {
            try (JsonlLog log = JsonlLog.open(file)) {
                log.append(Map.of("id", "c"));
                log.append(Map.of("id", "d"));
            }
        });
        assertEquals(
                4, Jsonl.read(left.get(left.size() - 1).resolve("rows.jsonl")).size());
    }

    @Test
    void theDiskOfThisTestForgetsWhatIsNotForced() throws IOException {
        Path file = root.resolve("file");
        List<Path> left = PowerCut.during(root, images, () -> {
            Files.writeString(root.resolve("other"), "new");
            Disk.current().move(root.resolve("other"), file);
        });
        // Names may be there early, bytes not.
        assertEquals("", Files.readString(left.get(0).resolve("file")));
        assertFalse(Files.exists(left.get(1).resolve("file")));
        try (Stream<Path> entries = Files.list(left.get(2))) {
            assertEquals(0, entries.count());
        }
    }
}
