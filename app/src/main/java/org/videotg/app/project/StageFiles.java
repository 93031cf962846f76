package org.videotg.app.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a stage's log says, and how far a running stage has come by the files it has written. */
final class StageFiles {
    private StageFiles() {}

    /**
     * Returns the error in a stage's log, or its last line if there is none.
     *
     * @param from bytes of the log that earlier attempts wrote
     */
    static String lastLine(Path log, long from) {
        List<String> lines = lines(log, from);
        return IntStream.iterate(lines.size() - 1, i -> i >= 0, i -> i - 1)
                .mapToObj(lines::get)
                .filter(line -> line.startsWith("error: "))
                .findFirst()
                .map(line -> line.substring("error: ".length()))
                .orElse(lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1));
    }

    /** Returns the lines of a log that are not blank, without its first bytes. */
    static List<String> lines(Path log, long from) {
        try {
            byte[] bytes = Files.readAllBytes(log);
            int start = (int) Math.min(from, bytes.length);
            return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            return List.of("its log can't be read");
        }
    }

    /** Counts the files of a folder with that suffix; 0 if the folder is missing. */
    static long count(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Counts the lines of a file that is being written; 0 if it is missing. */
    static long countLines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
