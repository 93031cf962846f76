package org.videotg.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Stop;

/**
 * Starts applications on a Spark cluster through Spark's own program.
 *
 * @param program {@code spark-submit}
 * @param application jar of the module {@code spark} with all that it needs
 */
record SparkSubmit(Path program, Path application) {
    private static final String HOME = "SPARK_HOME";
    private static final String JAR = "VIDEOTG_SPARK_JAR";

    /**
     * Finds Spark and the application.
     *
     * @param home folder of the installation, where a build leaves the application
     * @throws InputException saying what must be installed, built or set
     */
    static SparkSubmit find(Map<String, String> environment, Path home) {
        String spark = environment.get(HOME);
        Path program = Path.of(spark == null ? "" : spark, "bin", "spark-submit");
        if (spark == null || !Files.isRegularFile(program)) {
            throw new InputException(
                    (spark == null ? HOME + " is not set" : HOME + "=" + spark + " holds no bin/spark-submit")
                            + "; --spark needs Apache Spark 4.2: install it (\"pip install pyspark==4.2.0\" does) and set "
                            + HOME
                            + " to its folder");
        }
        Optional<Path> built = Optional.ofNullable(environment.get(JAR))
                .map(Path::of)
                .or(() -> newest(home.resolve("spark").resolve("target")));
        return new SparkSubmit(
                program,
                built.filter(Files::isRegularFile)
                        .orElseThrow(() -> new InputException(built.map(jar -> jar + " does not exist")
                                        .orElse("the application for Spark is not built")
                                + "; build it with \"./mvnw -Pspark -DskipTests -pl spark -am package\", or set "
                                + JAR + " to videotg-spark-VERSION-all.jar")));
    }

    private static Optional<Path> newest(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("videotg-spark-.*-all\\.jar"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
        } catch (IOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage() + "; check the folder", e);
        }
    }

    /** The command line that curates with these settings. */
    List<String> command(String master, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(), "--master", master, "--class", "org.videotg.spark.Curate", application.toString()));
        command.addAll(settings);
        return command;
    }

    /** Runs it to its end; its output is that of this process. */
    int run(String master, List<String> settings) {
        try {
            Process process =
                    new ProcessBuilder(command(master, settings)).inheritIO().start();
            try (Stop.Registration stop = Stop.onStop(process::destroy)) {
                return process.waitFor();
            }
        } catch (IOException e) {
            throw new InputException("can't start " + program + ": " + e.getMessage() + "; check " + HOME, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("stopped while Spark runs; run the same command again", e);
        }
    }
}
