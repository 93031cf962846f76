package org.videotg.app.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.InputException;
import org.videotg.models.hub.HubName;

/** Finds paths of this machine, which nobody else can use and which must not be published. */
final class LocalPaths {
    private static final Pattern CACHED = Pattern.compile("models--([^/\\\\]+?)--([^/\\\\]+)[/\\\\]snapshots");
    private static final Pattern ABSOLUTE = Pattern.compile("[/\\\\~].*|[A-Za-z]:[/\\\\].*|\\.\\.?[/\\\\].*");
    private static final int SHORTEST = 5;

    private LocalPaths() {}

    /** The hub's name of a model that is named by this text: a name, or a folder of the cache; else empty. */
    static String hubName(String model) {
        Matcher cached = CACHED.matcher(model);
        if (cached.find()) {
            return cached.group(1) + "/" + cached.group(2);
        }
        String name = model.replaceFirst("@.*", "");
        return HubName.isValid(name) && !exists(name) ? name : "";
    }

    /** Whether a text is a path of this machine. */
    static boolean isLocal(String text) {
        return ABSOLUTE.matcher(text).matches() || (text.matches(".*[/\\\\].*") && exists(text));
    }

    /** A path without its folders, any other text as it is. */
    static String withoutFolders(String text) {
        return isLocal(text) ? text.replaceFirst("[/\\\\]+$", "").replaceFirst(".*[/\\\\]", "") : text;
    }

    /** A copy of the tree in which paths of this machine have no folders. */
    static JsonNode withoutFolders(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(withoutFolders(node.asText()));
        }
        JsonNode copy = node.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(withoutFolders(field.getValue())));
        } else if (copy instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withoutFolders(array.get(i)));
            }
        }
        return copy;
    }

    /**
     * Refuses a text that names the home folder, the working folder or one of these.
     *
     * @throws InputException naming the file
     */
    static void refuse(String file, String text, Collection<Path> folders) {
        Set<String> names = new TreeSet<>(Set.of(System.getProperty("user.home"), System.getProperty("user.dir")));
        folders.forEach(folder -> names.add(folder.toAbsolutePath().normalize().toString()));
        for (String name : names) {
            if (name.length() >= SHORTEST && text.contains(name + "/")) {
                throw new InputException(file + " names " + name
                        + "/, a folder of this machine; remove it from the file," + " then push");
            }
        }
    }

    private static boolean exists(String text) {
        try {
            return Files.exists(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
