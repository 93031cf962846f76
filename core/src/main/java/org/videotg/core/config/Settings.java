package org.videotg.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;

/**
 * Reads records whose components are annotated with {@link Setting} from YAML files and from {@code key=value}. Unknown
 * keys, wrong types and numbers out of range are refused with the file or override and the key.
 */
public final class Settings {
    private Settings() {}

    /**
     * Reads a YAML file and applies overrides.
     *
     * @param overrides {@code key=value}, the keys of nested sections joined by dots, the value as YAML
     * @throws InputException naming file or override, and key
     */
    public static <T extends Record> T read(Path file, List<String> overrides, Class<T> type) {
        ObjectNode tree = mapping(file);
        Map<String, String> origins = new LinkedHashMap<>();
        for (String override : overrides) {
            origins.put(override(tree, override, type), "override \"" + override + "\"");
        }
        return new Binder(key -> origins.entrySet().stream()
                        .filter(origin -> key.equals(origin.getKey()) || key.startsWith(origin.getKey() + "."))
                        .map(Map.Entry::getValue)
                        .reduce((first, last) -> last)
                        .orElse(file.toString()))
                .section(type, tree, "");
    }

    /** Reads a tree that has the form of a file. */
    public static <T extends Record> T bind(JsonNode tree, Class<T> type, String where) {
        return new Binder(key -> where).section(type, tree, "");
    }

    /** The mapping that a YAML file holds. */
    public static ObjectNode mapping(Path file) {
        if (Yaml.parse(AtomicFiles.readString(file), file.toString()) instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new InputException(file + ": must be a mapping of keys to values, such as \"seed: 1\"");
    }

    /** The record with the default of every key. */
    public static <T extends Record> T defaults(Class<T> type) {
        return bind(Json.MAPPER.createObjectNode(), type, type.getSimpleName());
    }

    /** The record that a tag chooses among those of a sealed interface, with the default of every key. */
    public static <T> T choice(Class<T> type, String name) {
        Class<?> chosen = Key.implementations(type).get(name);
        if (chosen == null) {
            throw new InputException("unknown value \"" + name + "\"; known: "
                    + String.join(", ", Key.implementations(type).keySet()));
        }
        return type.cast(new Binder(key -> name).section(chosen, Json.MAPPER.createObjectNode(), ""));
    }

    /**
     * Changes the keys that {@code changes} names.
     *
     * @param changes a mapping, or a missing or null node for no change
     */
    public static <T extends Record> T change(T settings, JsonNode changes, String where) {
        if (changes == null || changes.isMissingNode() || changes.isNull()) {
            return settings;
        }
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) settings.getClass();
        if (changes instanceof ObjectNode mapping) {
            return bind(tree(settings).setAll(mapping), type, where);
        }
        return bind(changes, type, where);
    }

    /** Changes settings by values that are given as texts, such as on a command line; each is read as YAML. */
    public static <T extends Record> T change(T settings, Map<String, String> texts, String where) {
        ObjectNode tree = tree(settings);
        set(tree, texts, settings.getClass());
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) settings.getClass();
        return bind(tree, type, where);
    }

    /** Sets keys of a tree that has the form of a file to values that are given as texts; each is read as YAML. */
    public static void set(ObjectNode tree, Map<String, String> texts, Class<? extends Record> type) {
        texts.forEach((key, value) -> override(tree, key + "=" + value, type));
    }

    /** The record with some components replaced. */
    public static <T extends Record> T with(T settings, Map<String, ?> changed) {
        RecordComponent[] components = settings.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            String name = components[i].getName();
            values[i] = changed.containsKey(name) ? changed.get(name) : get(settings, components[i]);
        }
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) settings.getClass();
        return Binder.construct(type, values);
    }

    /** The settings in the form of a file, defaults included; what is null is left out. */
    public static ObjectNode tree(Record settings) {
        ObjectNode tree = Json.MAPPER.createObjectNode();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = get(settings, component);
            if (value == null) {
                continue;
            }
            if (Key.isInline(component)) {
                tree.setAll(tree((Record) value));
                continue;
            }
            Setting setting = Key.setting(component);
            if (!setting.tag().isEmpty()) {
                tree.put(
                        setting.tag(),
                        Key.implementations(component.getType()).entrySet().stream()
                                .filter(entry -> entry.getValue() == value.getClass())
                                .findFirst()
                                .orElseThrow()
                                .getKey());
                tree.setAll(tree((Record) value));
            } else {
                tree.set(
                        Key.name(component, setting),
                        Key.section(component.getType()) == null
                                ? Json.MAPPER.valueToTree(value)
                                : tree((Record) value));
            }
        }
        return tree;
    }

    /**
     * For constructors of settings records: checks the range of every number.
     *
     * @param values of all components, in order
     * @throws InputException naming the first that is out of its range, or missing
     */
    public static void check(Class<? extends Record> type, Object... values) {
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (Key.isInline(components[i])) {
                continue;
            }
            Setting setting = Key.setting(components[i]);
            String key = "\"" + Key.name(components[i], setting) + "\"";
            Object value = values[i];
            if (value == null && (setting.required() || !setting.defaultValue().isEmpty())) {
                throw new InputException(key + " must be given");
            }
            Binder.outside(setting.range(), value).ifPresent(range -> {
                throw new InputException(key + " must be " + range + ", not " + value);
            });
        }
    }

    private static Object get(Record settings, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets the value in the tree and returns its key. */
    private static String override(ObjectNode root, String override, Class<?> type) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new InputException("override \"" + override + "\" is not of the form key=value");
        }
        String key = override.substring(0, equals);
        List<String> names = names(key, type);
        ObjectNode at = root;
        for (String name : names.subList(0, names.size() - 1)) {
            JsonNode next = at.get(name);
            if (next == null || next.isNull()) {
                at = at.putObject(name);
            } else if (next instanceof ObjectNode mapping) {
                at = mapping;
            } else {
                throw new InputException(
                        "override \"" + override + "\": \"" + name + "\" is a single value, not a mapping");
            }
        }
        at.set(
                names.get(names.size() - 1),
                Yaml.parse(override.substring(equals + 1), "override \"" + override + "\""));
        return key;
    }

    /** The parts of a dotted key; the names in a mapping of any names may hold dots themselves. */
    private static List<String> names(String key, Class<?> type) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            return List.of(key);
        }
        String first = key.substring(0, dot);
        String rest = key.substring(dot + 1);
        Optional<Key> known = type == null
                ? Optional.empty()
                : Key.of(type).stream()
                        .filter(each -> each.name().equals(first))
                        .findFirst();
        List<String> below = known.isPresent() && known.get().isMap()
                ? List.of(rest)
                : names(rest, known.map(Key::section).orElse(null));
        return Stream.concat(Stream.of(first), below.stream()).toList();
    }

    /** The known name that a misspelt one probably means. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return known.stream()
                .collect(Collectors.toMap(other -> other, other -> distance(name, other)))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() <= Math.max(1, name.length() / 3) && entry.getValue() < name.length())
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }

    /** Levenshtein's edit distance, upper and lower case taken as the same. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal
                        + (Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
