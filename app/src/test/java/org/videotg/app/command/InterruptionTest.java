package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.run.Progress;
import org.videotg.core.run.Stop;
import org.videotg.models.tensor.NativeRuntime;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process can't be asked to end there")
class InterruptionTest {
    @TempDir
    Path folder;

    private static final String STOPPED = "stopped at work: 1/3; run the same command again to go on";

    @Test
    void aComputationEndsWithoutACrash() throws Exception {
        assertEquals(List.of("saved", STOPPED), stop(Endless.class));
    }

    @Test
    void aChildIsStoppedAndHeard() throws Exception {
        assertEquals(List.of("saved", STOPPED, "stopped; run the same command again to go on"), stop(Parent.class));
        assertEquals(
                List.of(),
                ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(folder.toString()))
                        .toList());
    }

    /** Starts a program, stops it when it prints "running", and returns what it prints after that. */
    private List<String> stop(Class<?> program) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.equals("running")) {
                line = output.readLine();
            }
            process.toHandle().destroy();
            List<String> rest = output.lines().toList();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(Stop.TERMINATED, process.exitValue(), rest.toString());
            assertEquals(0, folder.toFile().list().length);
            return rest;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs the other program in a child process. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            Stop.handleSignals();
            new ChildProcess(Endless.class, List.of(arguments), Path.of(arguments[0]), 1).run(System.out::println);
        }
    }

    /** Multiplies until it is stopped. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) throws IOException {
            Stop.handleSignals();
            Progress progress = Progress.logged("work", 3);
            progress.step("");
            Stop.onStop(() -> System.out.println("saved"));
            NativeRuntime.load();
            Tensor matrix = torch.ones(1500, 1500);
            for (int i = 0; ; i++) {
                try (PointerScope scope = new PointerScope()) {
                    torch.linear(matrix, matrix);
                }
                if (i == 1) {
                    System.out.println("running");
                }
            }
        }
    }
}
