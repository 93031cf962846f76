package org.videotg.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final List<String> OPTIONS = List.of("-Xmx77m", "-Dhttps.proxyHost=proxy.example");

    private static final String PID = "process ";

    @TempDir
    private Path folder;

    private Process parent(Class<?> child) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parent.class.getName()));
        command.addAll(List.of(child.getName(), folder.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Such as those that VIDEOTG_JAVA_OPTS gives the first process. */
    @Test
    void aChildHasTheOptionsOfItsParent() throws Exception {
        Process parent = parent(Options.class);
        try (BufferedReader output = parent.inputReader()) {
            List<String> lines = output.lines().toList();
            assertTrue(lines.containsAll(OPTIONS), lines.toString());
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Whatever it is doing. */
    @Test
    void aChildEndsWithAParentThatIsKilled() throws Exception {
        Process parent = parent(Endless.class);
        try (BufferedReader output = parent.inputReader()) {
            String line = output.readLine();
            while (!line.startsWith(PID)) {
                line = output.readLine();
            }
            ProcessHandle child = ProcessHandle.of(Long.parseLong(line.substring(PID.length())))
                    .orElseThrow();
            assertTrue(child.isAlive());
            parent.destroyForcibly();
            child.onExit().get(60, TimeUnit.SECONDS);
            assertEquals(0, folder.toFile().list().length, "no crash");
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Runs another program in a child process. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            new ChildProcess(Class.forName(arguments[0]), List.of(), Path.of(arguments[1]), 1).run(System.out::println);
        }
    }

    /** Prints the options of its Java virtual machine. */
    static final class Options {
        private Options() {}

        public static void main(String[] arguments) {
            ManagementFactory.getRuntimeMXBean().getInputArguments().forEach(System.out::println);
        }
    }

    /** Never ends by itself. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) {
            Stop.handleSignals();
            System.out.println(PID + ProcessHandle.current().pid());
            while (true) {
                Thread.onSpinWait();
            }
        }
    }
}
