package org.videotg.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.videotg.core.io.Json;

/** Documentation of a settings record: a Markdown table of its keys, and a JSON schema for editors. */
public final class SettingsPage {
    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class);
    private static final Set<Class<?>> FLAGS = Set.of(boolean.class, Boolean.class);

    private SettingsPage() {}

    /** A Markdown table of all keys with type, default and meaning; keys of nested sections are joined by dots. */
    public static String table(Class<? extends Record> type) {
        return "| key | type | default | meaning |\n|---|---|---|---|\n" + rows(type, "");
    }

    private static String rows(Class<?> type, String prefix) {
        StringBuilder rows = new StringBuilder();
        for (List<Key> same : byName(type).values()) {
            Key key = same.get(0);
            Class<?> item = item(key.type());
            boolean section = key.type() != null && key.section() != null;
            rows.append("| `").append(prefix).append(key.name()).append("` | ");
            rows.append(typeInWords(key)).append(" | ");
            rows.append(section && !key.setting().optional() && !key.isRequired() ? "" : defaults(same));
            rows.append(" | ").append(meaning(same)).append(" |\n");
            if (section) {
                rows.append(rows(key.section(), prefix + key.name() + "."));
            } else if (item != null) {
                rows.append(rows(item, prefix + key.name() + "[]."));
            }
        }
        return rows.toString();
    }

    /** The keys of a mapping; those that several choices of a tag have stand together. */
    private static Map<String, List<Key>> byName(Class<?> type) {
        return Key.of(type).stream().collect(Collectors.groupingBy(Key::name, LinkedHashMap::new, Collectors.toList()));
    }

    /** The settings record that the items of a list are, or null. */
    private static Class<?> item(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == List.class
                ? Key.section(generic.getActualTypeArguments()[0])
                : null;
    }

    private static String typeInWords(Key key) {
        String range =
                key.setting().range().isEmpty() ? "" : ", " + key.setting().range();
        if (!key.setting().type().isEmpty()) {
            return key.setting().type();
        }
        if (!key.choices().isEmpty()) {
            return key.choices().stream().map(choice -> "`" + choice + "`").collect(Collectors.joining(", "));
        }
        if (WHOLE.contains(key.type())) {
            return "whole number" + range;
        }
        if (NUMBERS.contains(key.type())) {
            return "number" + range;
        }
        if (FLAGS.contains(key.type())) {
            return "`true`, `false`";
        }
        return key.section() != null ? "section" : key.type() instanceof ParameterizedType ? "list" : "text";
    }

    private static String defaults(List<Key> same) {
        Map<String, String> byChoice = new LinkedHashMap<>();
        same.forEach(key -> byChoice.put(
                key.choice(),
                key.isRequired() ? "required" : key.fallback() == null ? "" : "`" + text(key.fallback()) + "`"));
        if (new TreeSet<>(byChoice.values()).size() == 1) {
            return byChoice.values().iterator().next();
        }
        return byChoice.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String text(JsonNode node) {
        return node.isDouble()
                ? new BigDecimal(node.asText())
                        .stripTrailingZeros()
                        .toString()
                        .replace("E", "e")
                        .replace("e+", "e")
                : node.isValueNode()
                        ? node.asText()
                        : node.toString().replace("\"", "").replaceAll("([:,])", "$1 ");
    }

    private static String meaning(List<Key> same) {
        Key key = same.get(0);
        String only = same.stream().map(Key::choice).collect(Collectors.joining(", "));
        return key.setting().value().replace("|", "\\|")
                + (key.choice() == null || same.size() > 2 ? "" : " (" + only + ")");
    }

    /** A JSON schema of files that hold such settings. */
    public static ObjectNode schema(Class<? extends Record> type, String title) {
        ObjectNode schema = Json.MAPPER.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#").put("title", title);
        return schema.setAll(mapping(type));
    }

    private static ObjectNode mapping(Class<?> type) {
        ObjectNode mapping = Json.MAPPER.createObjectNode().put("type", "object");
        mapping.put("additionalProperties", false);
        ObjectNode properties = mapping.putObject("properties");
        for (List<Key> same : byName(type).values()) {
            Key key = same.get(0);
            ObjectNode property = property(key);
            property.put("description", key.setting().value());
            if (key.fallback() != null
                    && same.stream().allMatch(other -> key.fallback().equals(other.fallback()))) {
                property.set("default", key.fallback());
            }
            properties.set(key.name(), property);
            if (key.isRequired() && key.choice() == null) {
                mapping.withArrayProperty("required").add(key.name());
            }
        }
        return mapping;
    }

    private static ObjectNode property(Key key) {
        ObjectNode property = Json.MAPPER.createObjectNode();
        if (!key.choices().isEmpty()) {
            key.choices().forEach(property.putArray("enum")::add);
            return property;
        }
        if (key.isMap()) {
            return property.put("type", "object");
        }
        if (key.section() != null) {
            return mapping(key.section());
        }
        if (key.type() instanceof ParameterizedType list) {
            Class<?> item = item(list);
            property.put("type", "array");
            property.set("items", item == null ? Json.MAPPER.createObjectNode() : mapping(item));
        } else if (WHOLE.contains(key.type()) || NUMBERS.contains(key.type())) {
            property.put("type", WHOLE.contains(key.type()) ? "integer" : "number");
            range(property, key.setting().range());
        } else if (FLAGS.contains(key.type())) {
            property.put("type", "boolean");
        } else if (key.type() == String.class) {
            property.put("type", "string");
        }
        return property;
    }

    private static void range(ObjectNode property, String range) {
        Matcher matcher = Binder.RANGE.matcher(range);
        if (!matcher.matches()) {
            return;
        }
        if (matcher.group("least") != null) {
            property.put("minimum", Double.parseDouble(matcher.group("least")));
        } else if (matcher.group("above") != null) {
            property.put("exclusiveMinimum", Double.parseDouble(matcher.group("above")));
        } else {
            property.put(
                    range.contains("[") ? "minimum" : "exclusiveMinimum", Double.parseDouble(matcher.group("from")));
            property.put(range.endsWith("]") ? "maximum" : "exclusiveMaximum", Double.parseDouble(matcher.group("to")));
        }
    }
}
