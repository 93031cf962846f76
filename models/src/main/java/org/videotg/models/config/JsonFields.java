package org.videotg.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;

/** Typed access to the fields of one JSON object of a configuration file, with errors that name file and field. */
public record JsonFields(Path file, JsonNode node) {
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** The object of that name; {@code this} if it is missing, for files that write its fields one level higher. */
    public JsonFields sectionOrSelf(String name) {
        return has(name) ? section(name) : this;
    }

    public JsonFields section(String name) {
        return new JsonFields(file, field(name));
    }

    private JsonNode field(String name) {
        if (!has(name)) {
            throw new InputException(file + ": \"" + name + "\" is missing");
        }
        return node.get(name);
    }

    public int integer(String name) {
        JsonNode value = field(name);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new InputException(file + ": \"" + name + "\" must be a whole number, not " + value);
        }
        return value.intValue();
    }

    public int integer(String name, int fallback) {
        return has(name) ? integer(name) : fallback;
    }

    public long whole(String name, long fallback) {
        if (has(name) && (!node.get(name).canConvertToLong() || !node.get(name).isIntegralNumber())) {
            throw new InputException(file + ": \"" + name + "\" must be a whole number, not " + node.get(name));
        }
        return has(name) ? node.get(name).longValue() : fallback;
    }

    public double number(String name) {
        JsonNode value = field(name);
        if (!value.isNumber()) {
            throw new InputException(file + ": \"" + name + "\" must be a number, not " + value);
        }
        return value.doubleValue();
    }

    public double number(String name, double fallback) {
        return has(name) ? number(name) : fallback;
    }

    public boolean flag(String name) {
        if (has(name) && !node.get(name).isBoolean()) {
            throw new InputException(file + ": \"" + name + "\" must be true or false, not " + node.get(name));
        }
        return has(name) && node.get(name).booleanValue();
    }

    public String text(String name, String fallback) {
        return has(name) ? node.get(name).asText() : fallback;
    }

    public List<Integer> integers(String name) {
        JsonNode list = field(name);
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : list) {
            if (!value.canConvertToInt() || !value.isIntegralNumber()) {
                throw new InputException(file + ": \"" + name + "\" must be a list of whole numbers");
            }
            values.add(value.intValue());
        }
        if (!list.isArray()) {
            throw new InputException(file + ": \"" + name + "\" must be a list of whole numbers");
        }
        return values;
    }

    public List<Integer> integers(String name, List<Integer> fallback) {
        return has(name) ? integers(name) : fallback;
    }

    /** As many numbers as {@code fallback} has. */
    public float[] floats(String name, float[] fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode list = node.get(name);
        float[] values = new float[fallback.length];
        for (int i = 0; i < values.length; i++) {
            if (!list.isArray() || list.size() != values.length || !list.get(i).isNumber()) {
                throw new InputException(file + ": \"" + name + "\" must be a list of " + values.length + " numbers");
            }
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }

    /** Tells whether a JSON array contains a text. */
    public static boolean contains(JsonNode array, String text) {
        for (JsonNode element : array) {
            if (element.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    /** @throws IllegalArgumentException if a field's value is less than 1 */
    public static void requirePositive(String section, String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(section + ": " + field + " must be at least 1, not " + value);
        }
    }

    /** @throws IllegalArgumentException if a divisor leaves a rest */
    static void requireDivisor(String section, String field, int divisor, String what, int value) {
        if (divisor < 1 || value < 1 || value % divisor != 0) {
            throw new IllegalArgumentException(
                    section + ": " + field + " (" + divisor + ") must divide " + what + " (" + value + ")");
        }
    }

    /** @throws IllegalArgumentException if an index is none of the vision tower's blocks */
    public static void requireBlocks(String field, List<Integer> indexes, int depth) {
        for (int index : indexes) {
            if (index < 0 || index >= depth) {
                throw new IllegalArgumentException(
                        "vision_config: " + field + " names block " + index + " of " + depth);
            }
        }
    }
}
