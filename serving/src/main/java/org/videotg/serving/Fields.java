package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.Limit;
import org.videotg.web.WebException;

/** The fields of a JSON object of a request. What is missing or null has its default; what is wrong is named. */
record Fields(ObjectNode node, String prefix) {
    static Fields of(ObjectNode node) {
        return new Fields(node, "");
    }

    private String path(String name) {
        return prefix + name;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    WebException wrong(String name, String what) {
        return WebException.parameter(path(name), "\"" + path(name) + "\" " + what);
    }

    Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!node.get(name).isTextual()) {
            throw wrong(name, "must be a text");
        }
        return Optional.of(checked(node.get(name).textValue(), name));
    }

    String required(String name) {
        return text(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    private String checked(String text, String name) {
        if (text.length() > Limit.PROMPT_CHARACTERS.value()) {
            throw wrong(name, "has more than " + Limit.PROMPT_CHARACTERS.value() + " characters");
        }
        return text;
    }

    /** Texts of a list; a single text is a list of one. */
    List<String> texts(String name, int most) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode value = node.get(name);
        if (value.isTextual()) {
            return List.of(checked(value.textValue(), name));
        }
        if (!value.isArray() || value.size() > most) {
            throw wrong(name, "must be a list of at most " + most + " texts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value) {
            if (!text.isTextual()) {
                throw wrong(name, "must be a list of texts");
            }
            texts.add(checked(text.textValue(), name));
        }
        return texts;
    }

    long integer(String name, long standard, long least, long most) {
        if (!has(name)) {
            return standard;
        }
        JsonNode value = node.get(name);
        if (!value.canConvertToLong() || !value.canConvertToExactIntegral()) {
            throw wrong(name, "must be a whole number");
        }
        if (value.longValue() < least || value.longValue() > most) {
            throw wrong(name, "must be from " + least + " to " + most);
        }
        return value.longValue();
    }

    double number(String name, double standard, double least, double most) {
        if (!has(name)) {
            return standard;
        }
        JsonNode value = node.get(name);
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw wrong(name, "must be a number from " + least + " to " + most);
        }
        return value.doubleValue();
    }

    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        if (!node.get(name).isBoolean()) {
            throw wrong(name, "must be true or false");
        }
        return node.get(name).booleanValue();
    }

    Fields object(String name) {
        if (!has(name)) {
            return new Fields(node.objectNode(), path(name) + ".");
        }
        if (node.get(name) instanceof ObjectNode object) {
            return new Fields(object, path(name) + ".");
        }
        throw wrong(name, "must be an object in braces");
    }

    /** Refuses fields that would change the answer if they were known here. */
    void refuse(String name, String reason) {
        JsonNode value = node.get(name);
        boolean absent = value == null
                || value.isNull()
                || (value.isNumber() && value.doubleValue() == 0)
                || ((value.isArray() || value.isObject()) && value.isEmpty());
        if (!absent) {
            throw wrong(name, reason);
        }
    }
}
