package org.videotg.train.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.List;
import org.videotg.core.error.InputException;
import org.videotg.core.io.AtomicFiles;

/** Reads a recipe's yaml and applies overrides {@code key=value}; keys of nested mappings are joined by dots. */
public final class RecipeFile {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RecipeFile() {}

    /**
     * Reads a recipe.
     *
     * @throws InputException naming file and key of what is wrong
     */
    public static Recipe read(Path file, List<String> overrides) {
        ObjectNode root = mapping(AtomicFiles.readString(file), file.toString());
        overrides.forEach(override -> apply(root, override));
        return Recipe.of(new Section(file.toString(), "", root));
    }

    private static ObjectNode mapping(String text, String file) {
        if (parse(text, file) instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new InputException(file + ": a recipe is a mapping of keys to values, such as \"method: grpo\"");
    }

    private static JsonNode parse(String text, String where) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new InputException(where + ": not valid yaml (" + problem + line + ")", e);
        }
    }

    private static void apply(ObjectNode root, String override) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new InputException("override \"" + override + "\" is not of the form key=value");
        }
        String[] keys = override.substring(0, equals).split("\\.", -1);
        ObjectNode at = root;
        for (int i = 0; i < keys.length - 1; i++) {
            JsonNode next = at.get(keys[i]);
            if (next == null || next.isNull()) {
                at = at.putObject(keys[i]);
            } else if (next instanceof ObjectNode mapping) {
                at = mapping;
            } else {
                throw new InputException("override \"" + override + "\": \"" + keys[i]
                        + "\" is a single value in the recipe, not a mapping");
            }
        }
        at.set(keys[keys.length - 1], parse(override.substring(equals + 1), "override \"" + override + "\""));
    }
}
