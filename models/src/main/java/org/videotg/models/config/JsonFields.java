package org.videotg.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;

/** Typed access to the fields of one JSON object of a configuration file, with errors that name file and field. */
public record JsonFields(Path file, JsonNode node) {
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** Returns a section; this object if it is missing, for files that write its fields one level higher. */
    public JsonFields sectionOrSelf(String name) {
        return has(name) ? section(name) : this;
    }

    /** Returns a section; one without fields if it is missing. */
    public JsonFields sectionOrNone(String name) {
        return has(name) ? section(name) : new JsonFields(file, JsonNodeFactory.instance.objectNode());
    }

    public boolean isEmpty() {
        return node.isEmpty();
    }

    /** Whether a field is there and is null. */
    public boolean isNull(String name) {
        return node.path(name).isNull();
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

    private void require(boolean right, String name, String expected) {
        if (!right) {
            throw new InputException(file + ": \"" + name + "\" must be " + expected + ", not " + node.get(name));
        }
    }

    private static boolean isInt(JsonNode value) {
        return value.canConvertToInt() && value.isIntegralNumber();
    }

    public int integer(String name) {
        JsonNode value = field(name);
        require(isInt(value), name, "a whole number");
        return value.intValue();
    }

    public int integer(String name, int fallback) {
        return has(name) ? integer(name) : fallback;
    }

    public long whole(String name, long fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode value = node.get(name);
        require(value.canConvertToLong() && value.isIntegralNumber(), name, "a whole number");
        return value.longValue();
    }

    public double number(String name) {
        require(field(name).isNumber(), name, "a number");
        return node.get(name).doubleValue();
    }

    public double number(String name, double fallback) {
        return has(name) ? number(name) : fallback;
    }

    /** Returns a boolean, false if it is missing. */
    public boolean flag(String name) {
        require(!has(name) || node.get(name).isBoolean(), name, "true or false");
        return has(name) && node.get(name).booleanValue();
    }

    public String text(String name, String fallback) {
        return has(name) ? node.get(name).asText() : fallback;
    }

    public List<Integer> integers(String name) {
        JsonNode list = field(name);
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : list) {
            require(isInt(value), name, "a list of whole numbers");
            values.add(value.intValue());
        }
        require(list.isArray(), name, "a list of whole numbers");
        return values;
    }

    public List<Integer> integers(String name, List<Integer> fallback) {
        return has(name) ? integers(name) : fallback;
    }

    /** Returns as many numbers as {@code fallback} has. */
    public float[] floats(String name, float[] fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode list = node.get(name);
        float[] values = new float[fallback.length];
        for (int i = 0; i < values.length; i++) {
            require(
                    list.isArray()
                            && list.size() == values.length
                            && list.get(i).isNumber(),
                    name,
                    "a list of " + values.length + " numbers");
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

    /** @throws IllegalArgumentException if the divisor does not divide the value */
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
