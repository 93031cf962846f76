package org.videotg.training.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a child process of this program is started: the same Java, classes and library settings as this process. */
public final class ChildJvm {
    private static final List<String> INHERITED = List.of("videotg.", "org.bytedeco.javacpp.", "ai.djl.");

    private ChildJvm() {}

    /**
     * The command as far as the main class; the caller adds its arguments.
     *
     * @param errors folder for what the Java virtual machine writes when native code crashes
     * @param properties further system properties, {@code name=value}
     */
    public static List<String> command(Path errors, Class<?> mainClass, String... properties) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dfile.encoding=UTF-8",
                "-XX:ErrorFile=" + errors.toAbsolutePath().resolve("hs_err_%p.log")));
        System.getProperties().stringPropertyNames().stream()
                .sorted()
                .filter(name -> INHERITED.stream().anyMatch(name::startsWith))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        for (String property : properties) {
            command.add("-D" + property);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        return command;
    }
}
