package org.videotg.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.videotg.core.io.Json;

/** Writes a checkpoint with random weights: {@code RandomModel CONFIG_JSON FOLDER}; the vocabulary must have Qwen's size. */
public final class RandomModel {
    private RandomModel() {}

    public static void main(String[] arguments) {
        RandomCheckpoint.write(Path.of(arguments[1]), (ObjectNode) Json.read(Path.of(arguments[0])));
    }
}
