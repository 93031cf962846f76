package org.videotg.core.config;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;

/**
 * A key of a settings record.
 *
 * @param type of its value; null for the tag of a sealed interface
 * @param fallback value if it is not given; null without one
 * @param choice the tag's value that makes the key known; null if it always is
 * @param choices values of a tag or of an enum; empty for other types
 */
record Key(String name, Type type, Setting setting, JsonNode fallback, String choice, List<String> choices) {
    /** All keys of one mapping, those of inline records and of every choice included. */
    static List<Key> of(Class<?> type) {
        List<Key> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (isInline(component)) {
                JsonNode defaults = inlineDefaults(component);
                of(component.getType()).forEach(key -> keys.add(key.or(defaults)));
                continue;
            }
            Setting setting = setting(component);
            JsonNode fallback = fallback(setting);
            if (!setting.tag().isEmpty()) {
                Map<String, Class<?>> implementations = implementations(component.getType());
                keys.add(new Key(setting.tag(), null, setting, fallback, null, List.copyOf(implementations.keySet())));
                implementations.forEach((name, implementation) -> of(implementation)
                        .forEach(key ->
                                keys.add(new Key(key.name, key.type, key.setting, key.fallback, name, key.choices))));
            } else {
                keys.add(new Key(
                        name(component, setting),
                        component.getGenericType(),
                        setting,
                        fallback,
                        null,
                        choices(component.getType())));
            }
        }
        return keys;
    }

    private Key or(JsonNode defaults) {
        JsonNode other = defaults.get(name);
        return new Key(name, type, setting, other == null ? fallback : other, choice, choices);
    }

    static Setting setting(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(
                    component.getDeclaringRecord() + ": component " + component.getName() + " is no setting");
        }
        return setting;
    }

    static boolean isInline(RecordComponent component) {
        return component.isAnnotationPresent(Setting.Inline.class);
    }

    /** Defaults that an inline record's component gives its keys. */
    static JsonNode inlineDefaults(RecordComponent component) {
        String yaml = component.getAnnotation(Setting.Inline.class).value();
        return Yaml.parse(yaml.isEmpty() ? "{}" : yaml, component.toString());
    }

    static String name(RecordComponent component, Setting setting) {
        return setting.key().isEmpty() ? component.getName() : setting.key();
    }

    /** Value of a key that is not given, or null. */
    static JsonNode fallback(Setting setting) {
        return setting.defaultValue().isEmpty() ? null : Yaml.parse(setting.defaultValue(), setting.value());
    }

    boolean isRequired() {
        return setting.required() || (fallback == null && type instanceof Class<?> plain && plain.isPrimitive());
    }

    /** The mapping below this key; null if its value is something else. */
    Class<?> section() {
        return section(type);
    }

    /** The settings record that a value of this type is, or null. */
    static Class<?> section(Type type) {
        return type instanceof Class<?> record
                        && record.isRecord()
                        && Arrays.stream(record.getRecordComponents())
                                .anyMatch(component ->
                                        component.isAnnotationPresent(Setting.class) || isInline(component))
                ? record
                : null;
    }

    /** Whether the value is a mapping with names of any kind. */
    boolean isMap() {
        return inner(type) instanceof ParameterizedType inner && inner.getRawType() == Map.class;
    }

    /** The type of the only component of a record that stands for it in JSON; else the type itself. */
    static Type inner(Type type) {
        return type instanceof Class<?> record && record.isRecord() && isTransparent(record)
                ? record.getRecordComponents()[0].getGenericType()
                : type;
    }

    static boolean isTransparent(Class<?> record) {
        RecordComponent[] components = record.getRecordComponents();
        return components.length == 1 && components[0].getAccessor().isAnnotationPresent(JsonValue.class);
    }

    /** The records of a sealed interface by their names. */
    static Map<String, Class<?>> implementations(Class<?> type) {
        Map<String, Class<?>> implementations = new LinkedHashMap<>();
        for (Class<?> implementation : type.getPermittedSubclasses()) {
            implementations.put(implementation.getAnnotation(JsonTypeName.class).value(), implementation);
        }
        return implementations;
    }

    private static List<String> choices(Class<?> type) {
        return type.isEnum()
                ? Stream.of(type.getEnumConstants()).map(Key::constant).toList()
                : List.of();
    }

    /** An enum constant as settings call it. */
    static String constant(Object constant) {
        String name = Json.MAPPER.valueToTree(constant).asText();
        return name.equals(constant.toString()) ? name.toLowerCase(Locale.ROOT) : name;
    }
}
