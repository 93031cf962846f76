package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
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
import org.videotg.core.run.NativeWork;
import org.videotg.models.tensor.NativeRuntime;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process can't be asked to end there")
class InterruptionTest {
    @TempDir
    Path folder;

    /** Ended by a signal: 128 and the signal's number. */
    private static final int TERMINATED = 143;

    @Test
    void aComputationEndsWithoutACrash() throws Exception {
        end(Endless.class, NativeWork.INTERRUPTED);
    }

    @Test
    void withoutAComputationTheProcessEndsAsUsual() throws Exception {
        end(Idle.class, TERMINATED);
    }

    private void end(Class<?> program, int code) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
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
            assertEquals(code, process.exitValue(), rest.toString());
            assertEquals(List.of(), rest);
        } finally {
            process.destroyForcibly();
        }
        assertTrue(Files.notExists(folder.resolve("hs_err.log")));
    }

    /** Has computed and sleeps. */
    static final class Idle {
        private Idle() {}

        public static void main(String[] arguments) throws InterruptedException {
            NativeWork.haltOnShutdown();
            try (NativeWork work = NativeWork.begin();
                    NativeWork nested = NativeWork.begin()) {
                System.out.println("running");
            }
            Thread.sleep(60_000);
        }
    }

    /** Multiplies until it is stopped. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) throws IOException {
            NativeWork.haltOnShutdown();
            NativeRuntime.load();
            Tensor matrix = torch.ones(1500, 1500);
            for (int i = 0; ; i++) {
                try (NativeWork work = NativeWork.begin();
                        PointerScope scope = new PointerScope()) {
                    torch.linear(matrix, matrix);
                }
                if (i == 1) {
                    System.out.println("running");
                }
            }
        }
    }
}
