package org.videotg.bench;

import java.time.Duration;
import org.videotg.app.command.VideoTg;

/**
 * Runs a command line again and again in this process, for memory and handles that grow: {@code Repeat SECONDS
 * ARGUMENT...}. {@code {}} in an argument becomes the number of the round. Ends with the exit code of a round that fails.
 */
public final class Repeat {
    private Repeat() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("Repeat SECONDS ARGUMENT...", arguments, Repeat::run);
    }

    private static void run(String[] arguments) {
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(arguments[0])).toNanos();
        for (int round = 1; System.nanoTime() < end; round++) {
            String[] command = new String[arguments.length - 1];
            for (int i = 0; i < command.length; i++) {
                command[i] = arguments[i + 1].replace("{}", Integer.toString(round));
            }
            int code = VideoTg.run(command);
            if (code != 0) {
                System.exit(code);
            }
        }
        System.exit(0);
    }
}
