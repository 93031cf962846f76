package org.videotg.training.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Yaml;

/** Reads a recipe's yaml and applies overrides {@code key=value}; keys of nested mappings are joined by dots. */
public final class RecipeFile {
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
        if (Yaml.parse(text, file) instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new InputException(file + ": a recipe is a mapping of keys to values, such as \"method: grpo\"");
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
        at.set(keys[keys.length - 1], Yaml.parse(override.substring(equals + 1), "override \"" + override + "\""));
    }
}
