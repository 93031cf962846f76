package org.videotg.core.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;

/**
 * Writes files and folders so that after a kill or a power failure each is there whole, as the old one or the new one.
 * They get a temporary name, are forced to the medium and renamed, and the folder with the name is forced; when a
 * method returns, what it has written stays.
 */
public final class AtomicFiles {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 100;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Folders that are being written. Nothing in them is forced before all of it is, which takes far less time. */
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    private static final Disk UNFORCED = new Disk() {
        @Override
        void force(Path file) {}

        @Override
        void forceFolder(Path folder) {}
    };

    private AtomicFiles() {}

    /** What fills the temporary file or folder. */
    @FunctionalInterface
    public interface Writer {
        void write(Path temporary) throws IOException;
    }

    /**
     * Writes a file. Several threads and processes may write the same one: each has a temporary name of its own, and
     * the last one to end wins.
     *
     * @throws OutputException if it can't be written
     */
    public static void write(Path target, Writer writer) {
        appear(target, temporary -> {
            writer.write(temporary);
            disk(temporary).force(temporary);
        });
    }

    /**
     * Writes a folder. One of that name is deleted after the new one is complete and before it gets the name.
     * {@link Checksums} of its files are added.
     *
     * @throws OutputException if it can't be written
     */
    public static void writeFolder(Path target, Writer writer) {
        writeOpenFolder(target, temporary -> {
            writer.write(temporary);
            Checksums.write(temporary);
        });
    }

    /** Writes a folder in the same way, without checksums: its files may change later. */
    public static void writeOpenFolder(Path target, Writer writer) {
        appear(target, temporary -> {
            Files.createDirectory(temporary);
            UNFINISHED.add(temporary);
            try {
                writer.write(temporary);
            } finally {
                UNFINISHED.remove(temporary);
            }
            for (Path written : tree(temporary)) {
                if (Files.isDirectory(written)) {
                    Disk.current().forceFolder(written);
                } else {
                    Disk.current().force(written);
                }
            }
            delete(target);
        });
    }

    private static Disk disk(Path path) {
        return UNFINISHED.stream().anyMatch(path.toAbsolutePath()::startsWith) ? UNFORCED : Disk.current();
    }

    private static void appear(Path target, Writer writer) {
        Path absolute = target.toAbsolutePath();
        Path temporary = Temporaries.beside(absolute);
        boolean moved = false;
        try {
            createFolders(absolute.getParent());
            writer.write(temporary);
            rename(temporary, absolute);
            moved = true;
        } catch (IOException e) {
            throw new OutputException(
                    "can't write " + target + ": " + reason(e) + "; check the folder and free space", e);
        } finally {
            if (!moved) {
                discard(temporary);
            }
        }
    }

    private static void discard(Path temporary) {
        try {
            delete(temporary);
        } catch (IOException e) {
            // What kept the file from being written is what is reported.
        }
    }

    /**
     * Makes a folder for what a process needs only while it lives, readable by its user alone. The process deletes it;
     * after a kill the next one to make such a folder in the same place does.
     *
     * @param parent made if it is missing
     * @throws OutputException if it can't be made
     */
    public static Path temporaryFolder(Path parent, String name) {
        Path folder = Temporaries.beside(parent.toAbsolutePath().resolve(name));
        try {
            createFolders(folder.getParent());
            removeAbandoned(folder.getParent());
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            return posix
                    ? Files.createDirectory(
                            folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    : Files.createDirectory(folder);
        } catch (IOException e) {
            throw new OutputException("can't make a folder in " + parent + ": " + reason(e) + "; check the folder", e);
        }
    }

    /** Removes what processes that were killed have left unfinished in a folder, if it is there, and below. */
    public static void removeAbandoned(Path folder) {
        if (Files.isDirectory(folder)) {
            Temporaries.collect(folder);
        }
    }

    /** Makes a folder and those above it, for good. */
    static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            if (folder.getParent() != null) {
                createFolders(folder.getParent());
            }
            Files.createDirectories(folder);
            if (folder.getParent() != null) {
                disk(folder).forceFolder(folder.getParent());
            }
        }
    }

    /**
     * Deletes a file, or a folder with all that it holds, if it is there.
     *
     * @throws OutputException if that can't be done
     */
    public static void deleteTree(Path tree) {
        try {
            delete(tree);
        } catch (IOException e) {
            throw new OutputException("can't delete " + tree + ": " + reason(e) + "; check the folder", e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (Path entry : tree(tree)) {
            Disk.current().delete(entry);
        }
    }

    /** A file, or a folder and all that it holds, each after what is below it. */
    private static List<Path> tree(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** Gives a file that is complete its name, for good; a file that has the name is replaced. */
    public static void move(Path complete, Path target) throws IOException {
        disk(complete).force(complete);
        rename(complete, target);
    }

    /**
     * Moves a file or folder to another place in the same file system, for good; the folders above it are made.
     *
     * @throws InputException if it can't be moved; it is then where it was
     */
    public static void setAside(Path from, Path target) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            rename(from, target);
        } catch (IOException e) {
            throw new InputException("can't move " + from + " to " + target + ": " + reason(e), e);
        }
    }

    /** Windows refuses to replace a file while somebody reads it; a reader is soon done. */
    private static void rename(Path from, Path target) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                disk(target).move(from, target);
                disk(target).forceFolder(target.toAbsolutePath().getParent());
                return;
            } catch (AccessDeniedException e) {
                if (attempt == ATTEMPTS || !Files.isWritable(target)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for a reader");
        }
    }

    public static void writeString(Path target, String text) {
        write(target, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }

    public static String readString(Path file) {
        try {
            String text = Files.readString(file);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads a text line by line, so that the whole of it is never in memory. Lines end with a line feed or with the
     * text.
     *
     * @param limit characters of a line
     * @param lines takes each line without its end, in order, with its number, counted from 1
     */
    static void readLines(Path file, Limit limit, ObjLongConsumer<String> lines) {
        try (Reader reader = Files.newBufferedReader(file)) {
            StringBuilder line = new StringBuilder();
            char[] buffer = new char[1 << 15];
            long number = 1;
            boolean begun = false;
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                int from = !begun && read > 0 && buffer[0] == BYTE_ORDER_MARK.charAt(0) ? 1 : 0;
                begun |= read > 0;
                for (int i = from; i < read; i++) {
                    if (buffer[i] == '\n') {
                        String last = new String(buffer, from, i - from);
                        lines.accept(line.isEmpty() ? last : line.append(last).toString(), number);
                        line.setLength(0);
                        from = i + 1;
                        number++;
                    }
                }
                line.append(buffer, from, read - from);
                limit.check(line.length(), file + ":" + number);
            }
            if (!line.isEmpty()) {
                lines.accept(line.toString(), number);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static InputException unreadable(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new InputException(file + " does not exist; check the path", e);
        }
        if (e instanceof CharacterCodingException) {
            return new InputException(file + " is not UTF-8 text; give a text file", e);
        }
        return new InputException("can't read " + file + ": " + reason(e), e);
    }

    static byte[] readBytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + reason(e), e);
        }
    }

    static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "")
                + (e.getMessage() == null
                        ? ""
                        : " (" + e.getMessage().lines().findFirst().orElse("") + ")");
    }
}
