package org.videotg.models.lora;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/** A selection of modules, as PEFT's {@code target_modules}. */
public sealed interface ModuleSelection {
    /** PEFT's name of all linear layers except the head. */
    String ALL_LINEAR = "all-linear";

    /** Returns whether a module, such as {@code model.language_model.layers.0.self_attn.q_proj}, is selected. */
    boolean contains(String module);

    JsonNode toJson();

    /** The last parts of modules' names, one or more. */
    record Names(List<String> names) implements ModuleSelection {
        public Names {
            names = List.copyOf(names);
        }

        @Override
        public boolean contains(String module) {
            return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        }

        @Override
        public JsonNode toJson() {
            return Json.MAPPER.valueToTree(names);
        }
    }

    /** A regular expression for whole names, or {@link #ALL_LINEAR}. */
    record Expression(String text) implements ModuleSelection {
        public Expression {
            try {
                Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw new InputException(
                        "\"" + text + "\" is not a regular expression (" + e.getDescription() + ")", e);
            }
        }

        @Override
        public boolean contains(String module) {
            return text.equals(ALL_LINEAR) ? !module.equals("lm_head") : Pattern.matches(text, module);
        }

        @Override
        public JsonNode toJson() {
            return TextNode.valueOf(text);
        }
    }

    /** Reads a selection of a recipe. */
    @JsonCreator
    static ModuleSelection of(JsonNode node) {
        return node.has("text")
                ? new Expression(node.get("text").asText())
                : of(node.has("names") ? node.get("names") : node, "it");
    }

    /** @throws InputException naming the field, if it is neither a text nor a list of texts */
    static ModuleSelection of(JsonNode node, String field) {
        if (node.isTextual()) {
            return new Expression(node.asText());
        }
        List<String> names = new ArrayList<>();
        node.forEach(name -> names.add(name.asText()));
        if (!node.isArray() || names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new InputException(field + " must be a list of module names, or a regular expression");
        }
        return new Names(names);
    }
}
