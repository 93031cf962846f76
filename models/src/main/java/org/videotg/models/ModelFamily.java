package org.videotg.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Tokenizer;

/**
 * An architecture of models. Implementations are found by {@link ServiceLoader}: each is a public class with a public
 * constructor without parameters, named in a file {@code META-INF/services/org.videotg.models.ModelFamily}. The
 * language model is {@link org.videotg.models.nn.TextModel} in every family, as the family's
 * {@link org.videotg.models.config.TextConfig} sets it.
 */
public interface ModelFamily {
    /** Returns what {@code model_type} in {@code config.json} says, for example {@code qwen3_vl}. */
    String modelType();

    /** Returns the class name that {@code architectures} in {@code config.json} lists. */
    String architecture();

    /**
     * Reads {@code config.json}.
     *
     * @throws InputException or IllegalArgumentException naming a field that is missing or does not fit
     */
    ModelConfig config(JsonFields root);

    /** Returns the fields of {@code config.json}, at the top or in {@code vision_config}, that only this family has. */
    default Set<String> fields() {
        return Set.of();
    }

    /**
     * Makes the vision tower.
     *
     * @param config made by this family, as in the other methods
     * @param name prefix of the tower's parameters
     */
    VisionTower vision(ModelConfig config, ModelParameters parameters, String name);

    /**
     * Reads how videos become patches.
     *
     * @param file the checkpoint's {@code video_preprocessor_config.json}; without fields where it has none
     * @param options override the file
     */
    PreprocessorConfig preprocessor(ModelConfig config, JsonFields file, VideoOptions options);

    /** Makes the chat template. */
    ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options);

    /**
     * Returns a configuration file of a new checkpoint: what all new ones of this family have, and these fields.
     *
     * @param name {@code config.json} or {@code video_preprocessor_config.json}; a resource beside the family, in which
     *     the fields that must be given are null
     * @param fields sections are merged
     * @throws UnsupportedOperationException if this family makes no new checkpoints
     */
    default JsonNode newFile(String name, ObjectNode fields) {
        if (getClass().getResource(name) == null) {
            throw new UnsupportedOperationException(modelType() + " has no " + name + " for new checkpoints");
        }
        JsonNode file = Json.parse(Resources.text(getClass(), name), name);
        try {
            return Json.MAPPER.readerForUpdating(file).readValue(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns random weights of a new checkpoint; the caller closes them.
     *
     * @throws UnsupportedOperationException if this family makes no new checkpoints
     */
    default ModelParameters randomWeights(ModelConfig config, Random random) {
        throw new UnsupportedOperationException(modelType() + " makes no new checkpoints");
    }

    /** Returns the registered family of this {@code model_type}. */
    static ModelFamily of(String modelType) {
        return of(Path.of("config.json"), Json.MAPPER.createObjectNode().put("model_type", modelType));
    }

    /** Returns all registered families, sorted by model type. */
    static List<ModelFamily> all() {
        return ServiceLoader.load(ModelFamily.class, ModelFamily.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(ModelFamily::modelType))
                .toList();
    }

    /**
     * Returns the family that {@code model_type} names; without one, the first that {@code architectures} names.
     *
     * @throws InputException if neither names a registered family; the message lists these
     */
    static ModelFamily of(Path file, JsonNode root) {
        String type = root.path("model_type").asText("");
        JsonNode architectures = root.path("architectures");
        List<ModelFamily> all = all();
        return all.stream()
                .filter(family -> type.isEmpty()
                        ? JsonFields.contains(architectures, family.architecture())
                        : family.modelType().equals(type))
                .findFirst()
                .orElseThrow(() -> {
                    String stated = !type.isEmpty()
                            ? "\"" + type + "\""
                            : architectures.isArray() ? architectures.toString() : "(none)";
                    return new InputException(file + ": unknown architecture " + stated + "; known: "
                            + all.stream()
                                    .map(family -> family.modelType() + " (" + family.architecture() + ")")
                                    .collect(Collectors.joining(", ")));
                });
    }
}
