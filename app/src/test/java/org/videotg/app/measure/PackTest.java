package org.videotg.app.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.run.Draw;

/** {@code bench/gpu/pack} divides an archive, and its {@code join.sh} joins the parts again, or says what is wrong. */
@EnabledOnOs(OS.LINUX)
class PackTest {
    @TempDir
    Path folder;

    private byte[] content;
    private Path kit;

    private record Run(int code, String output) {}

    private Run run(Object... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.of(command).map(String::valueOf).toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @BeforeEach
    void pack() throws IOException, InterruptedException {
        content = new byte[10_000];
        Draw.generator(1, "test", 1).nextBytes(content);
        Path program = Files.createDirectories(folder.resolve("videotg-1"));
        Files.write(program.resolve("program"), content);
        Path archive = folder.resolve("videotg-1.tar.gz");
        assertEquals(0, run("tar", "-czf", archive, "-C", folder, "videotg-1").code());
        Path packed = folder.resolve("packed");
        Run pack = run("../bench/gpu/pack", "--part-size", "3000", "--archive", archive, packed);
        assertEquals(0, pack.code(), pack.output());
        assertTrue(pack.output().contains("4 parts"), pack.output());
        kit = folder.resolve("copied");
        assertEquals(0, run("cp", "-r", packed, kit).code());
    }

    private Run join() throws IOException, InterruptedException {
        return run("sh", kit.resolve("join.sh"), folder.resolve("there"));
    }

    @Test
    void thePartsMakeTheProgramAgain() throws IOException, InterruptedException {
        Run join = join();
        assertEquals(0, join.code(), join.output());
        assertArrayEquals(content, Files.readAllBytes(folder.resolve("there/videotg-1/program")));
        assertTrue(join.output().contains("there/videotg-1/bin/videotg doctor --measure"), join.output());
    }

    @Test
    void everyMissingOrDamagedPartIsNamedAndNothingIsUnpacked() throws IOException, InterruptedException {
        Files.delete(kit.resolve("part-001"));
        byte[] part = Files.readAllBytes(kit.resolve("part-002"));
        part[7] ^= 1;
        Files.write(kit.resolve("part-002"), part);
        Run join = join();
        assertEquals(1, join.code());
        assertEquals(
                List.of("missing: part-001", "damaged: part-002"),
                join.output().lines().limit(2).toList());
        assertFalse(Files.exists(folder.resolve("there")));
    }

    @Test
    void aManifestThatIsCutIsDamaged() throws IOException, InterruptedException {
        List<String> lines = Files.readAllLines(kit.resolve("manifest"));
        Files.write(kit.resolve("manifest"), lines.subList(0, 2));
        Run join = join();
        assertEquals(1, join.code());
        assertTrue(join.output().contains("damaged: manifest"), join.output());
    }
}
