package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
    static Stream<String> commands() {
        return VideoTg.line().getSubcommands().keySet().stream();
    }

    /** The help of generate-completion is picocli's own. */
    static Stream<String> ownCommands() {
        return commands().filter(command -> !command.equals("generate-completion"));
    }

    @ParameterizedTest
    @MethodSource("ownCommands")
    void everyCommandExplainsItselfWithAnExample(String command) {
        Cli help = Cli.good(command, "--help");
        assertTrue(help.out().contains("Usage: videotg " + command), help.out());
        assertTrue(help.out().contains("Example:") && help.out().contains("  ./videotg " + command), help.out());
    }

    @Test
    void theProgramListsItsCommands() {
        String help = Cli.good("--help").out();
        commands().forEach(command -> assertTrue(help.contains("  " + command), help));
        assertTrue(Cli.good("--version").out().startsWith("videotg "));
    }

    @Test
    void onlyTheCommandThatIsNamedIsMade() {
        assertEquals(
                Set.of("ground"),
                VideoTg.line("ground", "a.mp4", "x").getSubcommands().keySet());
        for (String[] all : new String[][] {{}, {"--help"}, {"grond"}, {"generate-completion"}}) {
            assertEquals(
                    commands().collect(Collectors.toSet()),
                    VideoTg.line(all).getSubcommands().keySet());
        }
    }

    @Test
    void helpLoadsNoClassOfANativeLibrary(@TempDir Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("classes.txt");
        Process help = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        VideoTg.class.getName(),
                        "--help"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, help.waitFor());
        List<String> loaded = Files.readAllLines(log);
        assertTrue(loaded.stream().anyMatch(line -> line.contains("org.videotg.app.command.GroundCommand")));
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(line -> line.contains("org.bytedeco.") || line.contains("ai.djl."))
                        .toList());
    }
}
