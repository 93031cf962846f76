package org.videotg.core.io;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Published files in {@code ../shared/data} beside the repository, for tests; a module's folder is their working
 * directory.
 */
public final class SharedData {
    private static final Path FOLDER = Path.of("..", "..", "shared", "data");

    private SharedData() {}

    /** Returns the path of a file. Without the file the test is skipped, which is printed. */
    public static Path file(String name) {
        Path file = FOLDER.resolve(name);
        boolean exists = Files.exists(file);
        if (!exists) {
            System.err.println("skipped, since " + file + " is missing: " + caller());
        }
        assumeTrue(exists, file + " is missing");
        return file;
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getClassName().endsWith("Test")
                                && !frame.getMethodName().startsWith("lambda$"))
                        .reduce((nearest, farthest) -> farthest)
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .orElse("a test"));
    }
}
