package org.videotg.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Sizes and CRC-32C checksums of the files of a folder, in its file {@value #FILE}. They tell damage, not intent: who
 * changes a file can change its checksum too.
 */
public final class Checksums {
    /** Rows {@code {"file","bytes","crc32c"}}. */
    public static final String FILE = "checksums.jsonl";

    private Checksums() {}

    /**
     * One file.
     *
     * @param file path relative to the folder, with slashes
     * @param bytes its size
     * @param crc32c eight hexadecimal digits
     */
    public record Entry(String file, long bytes, String crc32c) {
        public Entry {
            Objects.requireNonNull(file, "\"file\" is missing");
            Objects.requireNonNull(crc32c, "\"crc32c\" is missing");
            if (Path.of(file).isAbsolute() || Path.of(file).normalize().startsWith("..")) {
                throw new IllegalArgumentException("\"file\" leads out of the folder: " + file);
            }
        }

        /** Returns the entry of a file as it is now. */
        public static Entry of(Path folder, Path file) {
            CRC32C checksum = new CRC32C();
            byte[] buffer = new byte[1 << 16];
            long bytes = 0;
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    checksum.update(buffer, 0, read);
                    bytes += read;
                }
            } catch (IOException e) {
                throw new InputException("can't read " + file + ": " + AtomicFiles.reason(e), e);
            }
            return new Entry(name(folder, file), bytes, hex(checksum));
        }

        private static String name(Path folder, Path file) {
            return folder.relativize(file).toString().replace('\\', '/');
        }

        /** Says what is wrong with the file in this folder; empty if nothing is. */
        public String problem(Path folder) {
            Path path = folder.resolve(file);
            if (!Files.isRegularFile(path)) {
                return path + " is missing";
            }
            try {
                if (Files.size(path) != bytes) {
                    return path + " has " + Files.size(path) + " bytes, not " + bytes;
                }
            } catch (IOException e) {
                return "can't read " + path + ": " + AtomicFiles.reason(e);
            }
            return of(folder, path).equals(this) ? "" : path + " is damaged: its checksum is not that of " + FILE;
        }
    }

    /** Writes the checksums of all files of a folder. */
    static void write(Path folder) {
        Jsonl.write(
                folder.resolve(FILE),
                files(folder).stream().map(file -> Entry.of(folder, file)).toList());
    }

    /** The files of a folder and below, hidden ones and {@value #FILE} left out. */
    private static List<Path> files(Path folder) {
        try (Stream<Path> below = Files.walk(folder)) {
            return below.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith(".")
                            && !file.equals(folder.resolve(FILE)))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage() + "; check the folder", e);
        }
    }

    /** Reads the entries of a folder by file. */
    public static Map<String, Entry> read(Path folder) {
        return byFile(Jsonl.read(folder.resolve(FILE)));
    }

    /** Returns the entries in these rows by file; of two of the same file, the later. */
    public static Map<String, Entry> byFile(List<Jsonl.Row> rows) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Jsonl.Row row : rows) {
            Entry entry = Json.convert(row.node(), Entry.class, row.where());
            entries.put(entry.file(), entry);
        }
        return entries;
    }

    /**
     * Checks the files that a folder lists, if it lists any; it may hold others.
     *
     * @throws InputException if one is missing or is not what it was
     */
    public static void check(Path folder) {
        if (Files.exists(folder.resolve(FILE))) {
            for (Entry entry : read(folder).values()) {
                String problem = entry.problem(folder);
                if (!problem.isEmpty()) {
                    throw new InputException(problem + "; restore it, or delete " + folder.resolve(FILE)
                            + " if it was changed on purpose");
                }
            }
        }
    }

    /** Returns one line for every file that is missing, is not what it was, or has been added. */
    public static List<String> problems(Path folder) {
        Map<String, Entry> entries = read(folder);
        List<String> problems = new ArrayList<>();
        for (Entry entry : entries.values()) {
            String problem = entry.problem(folder);
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
        }
        files(folder).stream()
                .filter(file -> !entries.containsKey(Entry.name(folder, file)))
                .forEach(file -> problems.add(file + " is not listed in " + FILE));
        return problems;
    }

    /** Returns eight hexadecimal digits. */
    public static String hex(CRC32C checksum) {
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
