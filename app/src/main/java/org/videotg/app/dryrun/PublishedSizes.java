package org.videotg.app.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFamily;
import org.videotg.models.config.JsonFields;

/** The sizes of published checkpoints, for estimates without their files. */
public final class PublishedSizes {
    private static final String RESOURCE = "published-sizes.yaml";

    private PublishedSizes() {}

    /** Returns the configuration of a published checkpoint by its name on the hub, or empty for an unknown name. */
    static Optional<ModelConfig> of(String name) {
        return json(name).map(config -> {
            Path source = Path.of(RESOURCE);
            return ModelFamily.of(source, config).config(new JsonFields(source, config));
        });
    }

    /** Returns it as the fields of config.json that are read. */
    public static Optional<ObjectNode> json(String name) {
        String size = name.replaceAll("-(Instruct|Thinking)(@.*)?$", "");
        try (InputStream in = PublishedSizes.class.getResourceAsStream(RESOURCE)) {
            for (JsonNode family : Yaml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), RESOURCE)) {
                if (family.path("sizes").has(size)) {
                    return Optional.of(Json.MAPPER
                            .readerForUpdating(family.get("common"))
                            .readValue(family.path("sizes").get(size)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
