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
import org.videotg.models.tensor.NativeRuntime;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process can't be asked to end there")
class InterruptionTest {
    @TempDir
    Path folder;

    @Test
    void aComputationEndsWithoutACrash() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endless.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = process.inputReader()) {
            String line = said.readLine();
            while (line != null && !line.equals("computing")) {
                line = said.readLine();
            }
            process.toHandle().destroy();
            List<String> rest = said.lines().toList();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(Interruption.CODE, process.exitValue(), rest.toString());
            assertEquals(List.of(), rest);
        } finally {
            process.destroyForcibly();
        }
        assertTrue(Files.notExists(folder.resolve("hs_err.log")));
    }

    /** Multiplies until it is stopped. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) throws IOException {
            Interruption.watch();
            NativeRuntime.load();
            Tensor matrix = torch.ones(1500, 1500);
            for (int i = 0; ; i++) {
                try (PointerScope scope = new PointerScope()) {
                    torch.linear(matrix, matrix);
                }
                if (i == 1) {
                    System.out.println("computing");
                }
            }
        }
    }
}
