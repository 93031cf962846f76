package org.videotg.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * Makes settings records from a tree. Every error names the file or override and the key.
 *
 * @param where tells where the value of a dotted key was given
 */
record Binder(UnaryOperator<String> where) {
    static final Pattern RANGE = Pattern.compile(
            "at least (?<least>\\S+)|above (?<above>\\S+)|in (?<open>[\\[(])(?<from>\\S+), (?<to>\\S+)[\\])]");

    /** The record, whose keys are all that {@code node} may hold. */
    <T> T section(Class<T> type, JsonNode node, String prefix) {
        if (!(node instanceof ObjectNode mapping)) {
            throw wrong(trimmed(prefix), "a mapping of keys to values", node);
        }
        List<Key> keys = Key.of(type).stream()
                .filter(key -> key.choice() == null || key.choice().equals(tag(type, mapping, prefix)))
                .toList();
        Set<String> known = keys.stream().map(Key::name).collect(Collectors.toCollection(TreeSet::new));
        mapping.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw error(
                        prefix + name,
                        "unknown key \"" + prefix + name + "\""
                                + Settings.nearest(name, known)
                                        .map(near -> "; did you mean \"" + prefix + near + "\"?")
                                        .orElse(";")
                                + " known"
                                + (prefix.isEmpty() ? "" : " in \"" + trimmed(prefix) + "\"")
                                + ": " + String.join(", ", known));
            }
        });
        List<String> missing = keys.stream()
                .filter(key -> key.isRequired() && !mapping.hasNonNull(key.name()))
                .map(key -> "\"" + prefix + key.name() + "\"")
                .toList();
        if (!missing.isEmpty()) {
            throw error(
                    trimmed(prefix),
                    String.join(", ", missing) + (missing.size() == 1 ? " is missing" : " are missing"));
        }
        return make(type, mapping, prefix);
    }

    private <T> T make(Class<T> type, ObjectNode node, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = component(components[i], node, prefix);
        }
        try {
            return construct(type, values);
        } catch (InputException e) {
            throw new InputException(at(prefix) + e.getMessage(), e);
        }
    }

    private Object component(RecordComponent component, ObjectNode node, String prefix) {
        if (Key.isInline(component)) {
            ObjectNode given = node.deepCopy();
            Key.inlineDefaults(component).properties().stream()
                    .filter(entry -> !node.hasNonNull(entry.getKey()))
                    .forEach(entry -> given.set(entry.getKey(), entry.getValue()));
            return make(component.getType(), given, prefix);
        }
        Setting setting = Key.setting(component);
        if (!setting.tag().isEmpty()) {
            return make(implementation(component, node, prefix), node, prefix);
        }
        String name = Key.name(component, setting);
        String key = prefix + name;
        JsonNode value = node.hasNonNull(name) ? node.get(name) : Key.fallback(setting);
        if (value == null) {
            if (Key.section(component.getType()) == null || setting.optional()) {
                return null;
            }
            value = Json.MAPPER.createObjectNode();
        }
        Object bound = value(component.getGenericType(), value, key);
        outside(setting.range(), bound).ifPresent(range -> {
            throw wrong(key, range, Json.MAPPER.valueToTree(bound));
        });
        return bound;
    }

    private String tag(Class<?> type, ObjectNode node, String prefix) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !Key.isInline(component)
                        && !Key.setting(component).tag().isEmpty())
                .map(component -> choice(component, node, prefix))
                .findFirst()
                .orElseThrow();
    }

    private Class<?> implementation(RecordComponent component, ObjectNode node, String prefix) {
        return Key.implementations(component.getType()).get(choice(component, node, prefix));
    }

    private String choice(RecordComponent component, ObjectNode node, String prefix) {
        Setting setting = Key.setting(component);
        String given = node.hasNonNull(setting.tag()) ? node.get(setting.tag()).asText() : setting.defaultValue();
        return chosen(Key.implementations(component.getType()).keySet(), given, prefix + setting.tag());
    }

    private String chosen(Iterable<String> known, String given, String key) {
        for (String name : known) {
            if (name.equalsIgnoreCase(given)) {
                return name;
            }
        }
        throw error(key, "\"" + key + "\": unknown value \"" + given + "\"; known: " + String.join(", ", known));
    }

    private Object value(Type type, JsonNode node, String key) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            if (!node.isObject()) {
                throw wrong(key, "a mapping of keys to values", node);
            }
            Map<String, Object> values = new LinkedHashMap<>();
            node.properties()
                    .forEach(entry -> values.put(
                            entry.getKey(),
                            value(generic.getActualTypeArguments()[1], entry.getValue(), key + "." + entry.getKey())));
            return values;
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            if (!node.isArray()) {
                throw wrong(key, "a list", node);
            }
            List<Object> values = new ArrayList<>();
            node.forEach(item ->
                    values.add(value(generic.getActualTypeArguments()[0], item, key + "[" + values.size() + "]")));
            return values;
        }
        Class<?> plain = (Class<?>) type;
        if (Key.section(plain) != null) {
            return section(plain, node, key + ".");
        }
        if (plain.isRecord() && Key.isTransparent(plain)) {
            Object inner = value(Key.inner(plain), node, key);
            return checked(key, () -> construct(plain, inner));
        }
        return plain.isEnum() ? constant(plain, node, key) : scalar(plain, node, key);
    }

    private Object constant(Class<?> type, JsonNode node, String key) {
        List<?> constants = List.of(type.getEnumConstants());
        List<String> names = constants.stream().map(Key::constant).toList();
        return constants.get(names.indexOf(chosen(names, node.asText(), key)));
    }

    private Object scalar(Class<?> type, JsonNode node, String key) {
        if (type == String.class) {
            return require(node.isValueNode(), key, "text", node).asText();
        }
        if (type == int.class || type == Integer.class) {
            return require(node.isIntegralNumber() && node.canConvertToInt(), key, "a whole number", node)
                    .intValue();
        }
        if (type == long.class || type == Long.class) {
            return require(node.isIntegralNumber() && node.canConvertToLong(), key, "a whole number", node)
                    .longValue();
        }
        if (type == double.class || type == Double.class) {
            return require(node.isNumber(), key, "a number", node).doubleValue();
        }
        if (type == boolean.class || type == Boolean.class) {
            return require(node.isBoolean(), key, "true or false", node).booleanValue();
        }
        return checked(key, () -> Json.convert(node, type, "it"));
    }

    private JsonNode require(boolean right, String key, String expected, JsonNode node) {
        if (!right) {
            throw wrong(key, expected, node);
        }
        return node;
    }

    private <T> T checked(String key, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InputException e) {
            // Jackson wraps what a creator throws.
            String message = Stream.iterate(e.getCause(), Objects::nonNull, Throwable::getCause)
                    .filter(InputException.class::isInstance)
                    .map(Throwable::getMessage)
                    .findFirst()
                    .orElse(e.getMessage());
            throw new InputException(where.apply(key) + ": \"" + key + "\": " + message, e);
        }
    }

    private InputException wrong(String key, String expected, JsonNode value) {
        return error(key, (key.isEmpty() ? "it" : "\"" + key + "\"") + " must be " + expected + ", not " + value);
    }

    private InputException error(String key, String message) {
        return new InputException(where.apply(key) + ": " + message);
    }

    private String at(String prefix) {
        String key = trimmed(prefix);
        return where.apply(key) + ": " + (key.isEmpty() ? "" : "in \"" + key + "\": ");
    }

    /** A prefix without its dot. */
    private static String trimmed(String prefix) {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** The range, if the number is not in it. */
    static Optional<String> outside(String range, Object value) {
        if (range.isEmpty() || !(value instanceof Number number)) {
            return Optional.empty();
        }
        double x = number.doubleValue();
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new IllegalStateException("no range: " + range);
        }
        boolean within;
        if (matcher.group("least") != null) {
            within = x >= Double.parseDouble(matcher.group("least"));
        } else if (matcher.group("above") != null) {
            within = x > Double.parseDouble(matcher.group("above"));
        } else {
            double from = Double.parseDouble(matcher.group("from"));
            double to = Double.parseDouble(matcher.group("to"));
            within = (range.contains("[") ? x >= from : x > from) && (range.endsWith("]") ? x <= to : x < to);
        }
        return within && Double.isFinite(x) ? Optional.empty() : Optional.of(range);
    }

    /** Calls the canonical constructor; what it throws about its values becomes an {@link InputException}. */
    static <T> T construct(Class<T> type, Object... values) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InputException input) {
                throw input;
            }
            if (e.getCause() instanceof IllegalArgumentException illegal) {
                throw new InputException(Objects.toString(illegal.getMessage(), ""), illegal);
            }
            throw new IllegalStateException(type + " can't be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " can't be made", e);
        }
    }
}
