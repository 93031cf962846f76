package org.videotg.app.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/** Changes some fields of a record of settings; the others stay what they are. */
public final class Overrides {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Overrides() {}

    /**
     * A yaml file that holds a mapping.
     *
     * @throws InputException naming file and line
     */
    public static ObjectNode yaml(Path file) {
        if (parse(AtomicFiles.readString(file), file.toString()) instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new InputException(file + ": a recipe is a mapping of keys to values, such as \"seed: 1\"");
    }

    /**
     * Values given as texts, such as on a command line; each is read as yaml.
     *
     * @throws InputException if a value is not valid
     */
    public static ObjectNode texts(Map<String, String> values) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        values.forEach((name, value) -> node.set(name, parse(value, name + "=" + value)));
        return node;
    }

    /**
     * The settings with the fields that {@code changes} names replaced.
     *
     * @param changes a mapping, or a missing or null node for no change
     * @param where for messages
     * @throws InputException naming an unknown field together with the known ones, or what is wrong with a value
     */
    public static <T> T apply(T settings, JsonNode changes, String where) {
        if (changes == null || changes.isMissingNode() || changes.isNull()) {
            return settings;
        }
        ObjectNode merged = Json.MAPPER.valueToTree(settings);
        TreeSet<String> known = new TreeSet<>();
        merged.fieldNames().forEachRemaining(known::add);
        if (!changes.isObject()) {
            throw new InputException(where + ": must be a mapping of " + String.join(", ", known) + ", not " + changes);
        }
        changes.properties().forEach(change -> {
            if (!known.contains(change.getKey())) {
                throw new InputException(
                        where + ": unknown key \"" + change.getKey() + "\"; known: " + String.join(", ", known));
            }
            merged.set(change.getKey(), change.getValue());
        });
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) settings.getClass();
        return Json.convert(merged, type, where);
    }

    private static JsonNode parse(String text, String where) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new InputException(
                    where + ": not valid yaml ("
                            + e.getOriginalMessage().lines().findFirst().orElse("") + line + ")",
                    e);
        }
    }
}
