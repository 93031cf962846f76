package org.videotg.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;

/** The architectures that are implemented, under the names by which a checkpoint's {@code config.json} states them. */
public enum ModelFamily {
    QWEN2_5_VL("qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration"),
    QWEN3_VL("qwen3_vl", "Qwen3VLForConditionalGeneration");

    private final String modelType;
    private final String architecture;

    ModelFamily(String modelType, String architecture) {
        this.modelType = modelType;
        this.architecture = architecture;
    }

    /** What {@code model_type} says. */
    public String modelType() {
        return modelType;
    }

    /**
     * The family that {@code model_type} names; without one, the first that {@code architectures} names.
     *
     * @throws InputException if neither names a family that is implemented; the message lists those that are
     */
    static ModelFamily of(Path file, JsonNode root) {
        String type = root.path("model_type").asText("");
        JsonNode architectures = root.path("architectures");
        Optional<ModelFamily> found = Arrays.stream(values())
                .filter(family -> type.isEmpty() ? family.isAmong(architectures) : family.modelType.equals(type))
                .findFirst();
        return found.orElseThrow(() -> {
            String stated = !type.isEmpty()
                    ? "\"" + type + "\""
                    : architectures.isArray() ? architectures.toString() : "(none)";
            return new InputException(file + ": unknown architecture " + stated + "; known: "
                    + Arrays.stream(values())
                            .map(family -> family.modelType + " (" + family.architecture + ")")
                            .collect(Collectors.joining(", ")));
        });
    }

    private boolean isAmong(JsonNode architectures) {
        for (JsonNode name : architectures) {
            if (name.asText().equals(architecture)) {
                return true;
            }
        }
        return false;
    }
}
