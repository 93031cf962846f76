package org.videotg.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.videotg.app.measure.RandomCheckpoints;
import org.videotg.core.io.Json;

/** Writes a checkpoint with random weights: {@code RandomCheckpoint CONFIG_JSON FOLDER}. */
public final class RandomCheckpoint {
    private RandomCheckpoint() {}

    public static void main(String[] arguments) throws Exception {
        Program.run(
                "RandomCheckpoint CONFIG_JSON FOLDER",
                arguments,
                given -> write(Path.of(given[1]), Json.read(Path.of(given[0]))));
    }

    static void write(Path folder, ObjectNode config) {
        RandomCheckpoints.writeConfiguration(folder, config);
        RandomCheckpoints.writeWeights(folder);
    }
}
