package org.videotg.app.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A command line that was run in this process, with what it printed. */
record Cli(int code, String out, String err) {
    static Cli run(Object... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            String[] texts = new String[arguments.length];
            Arrays.setAll(texts, i -> String.valueOf(arguments[i]));
            int code = VideoTg.run(texts);
            return new Cli(code, printed.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** The same; what went wrong stands in the message. */
    static Cli good(Object... arguments) {
        Cli run = run(arguments);
        if (run.code != 0) {
            throw new AssertionError(List.of(arguments) + " ended with " + run.code + ": " + run.err);
        }
        return run;
    }

    /** Lines of stderr that report errors. */
    List<String> errors() {
        return err.lines().filter(line -> line.startsWith("error: ")).toList();
    }

    /** A small world's folder: 4 videos for training, 2 for testing. */
    static Path world(Path folder) {
        good("world", "--out", folder, "--videos", 4, "--test", 2, "--seed", 3, "--domain", "base", "--partial", 0.5);
        return folder;
    }
}
