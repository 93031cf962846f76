package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;

class SparkSubmitTest {
    @TempDir
    Path folder;

    private static String message(Map<String, String> environment, Path home) {
        return assertThrows(InputException.class, () -> SparkSubmit.find(environment, home))
                .getMessage();
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertTrue(message(Map.of(), folder).startsWith("SPARK_HOME is not set; --spark needs Apache Spark 4.2"));
        Map<String, String> environment = Map.of("SPARK_HOME", folder.toString());
        assertTrue(message(environment, folder).contains("holds no bin/spark-submit"));
        Path program = folder.resolve("bin/spark-submit");
        Files.createDirectories(program.getParent());
        Files.createFile(program);
        assertTrue(message(environment, folder).startsWith("the application for Spark is not built; build it with"));
        Path named = folder.resolve("mine.jar");
        Map<String, String> both = Map.of("SPARK_HOME", folder.toString(), "VIDEOTG_SPARK_JAR", named.toString());
        assertTrue(message(both, folder).startsWith(named + " does not exist"));
        Files.createFile(named);
        assertEquals(new SparkSubmit(program, named), SparkSubmit.find(both, folder));
        Path built = folder.resolve("spark/target/videotg-spark-1-all.jar");
        Files.createDirectories(built.getParent());
        Files.createFile(built);
        assertEquals(
                List.of(
                        program.toString(),
                        "--master",
                        "local[2]",
                        "--class",
                        "org.videotg.spark.Curate",
                        built.toString(),
                        "data=x"),
                SparkSubmit.find(environment, folder).command("local[2]", List.of("data=x")));
    }

    @Test
    void optionsThatSparkDoesNotHaveAreRefused() {
        Cli run =
                Cli.run("curate", "--data", "hdfs://host/x", "--out", folder, "--spark", "yarn", "--report", "r.json");
        assertEquals(List.of("error: --report can't be combined with --spark; leave it out"), run.errors());
    }
}
