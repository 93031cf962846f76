package org.videotg.bench;

import java.util.Arrays;
import org.videotg.core.io.InputException;

/** The frame of the programs in this package: wrong usage and bad input end with one line on standard error. */
final class Program {
    /** The body of a program. */
    @FunctionalInterface
    interface Body {
        void run(String[] arguments) throws Exception;
    }

    private Program() {}

    /**
     * Runs a program. Exit codes: 0 success, 1 bad input, 2 wrong usage.
     *
     * @param usage name and arguments; those in brackets are optional, the last may be repeated if it ends with dots
     */
    static void run(String usage, String[] arguments, Body body) throws Exception {
        String[] words = usage.split(" ");
        int most = usage.endsWith("...") || usage.endsWith("...]") ? Integer.MAX_VALUE : words.length - 1;
        long least = Arrays.stream(words).filter(word -> !word.startsWith("[")).count() - 1;
        if (arguments.length < least || arguments.length > most) {
            System.err.println("usage: bench/run " + usage);
            System.exit(2);
        }
        try {
            body.run(arguments);
        } catch (NumberFormatException e) {
            System.err.println("error: not a number: " + e.getMessage());
            System.exit(1);
        } catch (InputException | IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(1);
        }
    }
}
