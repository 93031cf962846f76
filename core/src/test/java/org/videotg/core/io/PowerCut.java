package org.videotg.core.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A disk that tells what a power failure could leave of a folder after each call of {@link Disk}. A file's bytes are
 * there if they were forced after they were written, else it is empty. Of names there are three possibilities, since a
 * file system may write them early: all changes, only those that were forced, or those and every removal.
 */
public final class PowerCut {
    private enum Names {
        ALL,
        FORCED,
        FORCED_AND_REMOVED
    }

    private final Path root;
    private final Path images;
    private final List<Path> made = new ArrayList<>();
    /** What the medium has of every file and folder that exists, by the file system's key. */
    private final Map<Object, Stored> medium = new HashMap<>();

    private final Stored top;

    /** A file with its forced bytes, or a folder with its forced names. */
    private static final class Stored {
        private final boolean folder;
        private byte[] bytes = new byte[0];
        private Map<String, Stored> names = new LinkedHashMap<>();

        Stored(boolean folder) {
            this.folder = folder;
        }
    }

    private PowerCut(Path root, Path images) throws IOException {
        this.root = root.toAbsolutePath();
        this.images = images;
        List<Path> all;
        try (Stream<Path> walk = Files.walk(this.root)) {
            all = walk.toList();
        }
        for (Path path : all) {
            force(path);
        }
        this.top = stored(this.root);
    }

    /** Something that writes. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /**
     * Runs {@code work} and returns a copy of {@code root} for each power failure that could have happened in it.
     *
     * @param root what it has at the beginning is on the medium
     * @param images an empty folder for the copies
     */
    public static List<Path> during(Path root, Path images, Work work) throws IOException {
        PowerCut cut = new PowerCut(root, images);
        Disk before = Disk.current();
        Disk.replace(cut.new Recorder());
        try {
            work.run();
        } finally {
            Disk.replace(before);
        }
        return cut.made;
    }

    private final class Recorder extends Disk {
        @Override
        void force(Path file) throws IOException {
            super.force(file);
            record(() -> PowerCut.this.force(file));
        }

        @Override
        void force(FileChannel channel, Path file) throws IOException {
            super.force(channel, file);
            record(() -> PowerCut.this.force(file));
        }

        @Override
        void forceFolder(Path folder) throws IOException {
            super.forceFolder(folder);
            record(() -> PowerCut.this.force(folder));
        }

        @Override
        void move(Path from, Path to) throws IOException {
            record(() -> {
                forget(to);
                super.move(from, to);
            });
        }

        @Override
        void delete(Path path) throws IOException {
            record(() -> {
                forget(path);
                super.delete(path);
            });
        }
    }

    private synchronized void record(Work work) throws IOException {
        work.run();
        for (Names names : Names.values()) {
            Path image = images.resolve(String.format("%04d-%s", made.size(), names));
            write(top, root, image, names);
            made.add(image);
        }
    }

    private void force(Path path) throws IOException {
        Stored stored = stored(path);
        if (!stored.folder) {
            stored.bytes = Files.readAllBytes(path);
            return;
        }
        stored.names = live(path);
    }

    private Map<String, Stored> live(Path folder) throws IOException {
        Map<String, Stored> names = new LinkedHashMap<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(entry -> names.put(entry.getFileName().toString(), stored(entry)));
        }
        return names;
    }

    private Stored stored(Path path) {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return medium.computeIfAbsent(key, any -> new Stored(Files.isDirectory(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key of a file that is removed may be given to the next one. */
    private void forget(Path path) throws IOException {
        if (Files.exists(path)) {
            medium.remove(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        }
    }

    private void write(Stored stored, Path live, Path image, Names names) throws IOException {
        if (!stored.folder) {
            Files.write(image, stored.bytes);
            return;
        }
        Files.createDirectories(image);
        Map<String, Stored> there = new LinkedHashMap<>(stored.names);
        if (names == Names.ALL) {
            there = live(live);
        } else if (names == Names.FORCED_AND_REMOVED) {
            there.keySet().removeIf(name -> Files.notExists(live.resolve(name)));
        }
        for (Map.Entry<String, Stored> entry : there.entrySet()) {
            Path name = live.resolve(entry.getKey());
            // A folder that has been moved away is written as it was: nothing in it changes any more.
            Names below = Files.exists(name) && stored(name) == entry.getValue() ? names : Names.FORCED;
            write(entry.getValue(), name, image.resolve(entry.getKey()), below);
        }
    }
}
