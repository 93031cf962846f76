package org.videotg.core.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Resources;
import org.videotg.core.io.Yaml;
import org.videotg.core.reply.ReplyFormat;
import org.videotg.core.reply.ReplyParser;

/** Reads templates from yaml: those that come with videotg, which lie beside this class, and the user's. */
final class PromptFile {
    static final List<String> BUILT_IN =
            List.of("own", "timer1", "timer1-eval", "timezero", "timelens", "tvg-r1", "videochat-r1-gqa");

    private static final List<String> KEYS =
            List.of("before", "ground", "list", "yesNo", "choice", "query", "options", "replies", "parser");
    private static final List<String> REPLY_KEYS =
            List.of("interval", "separator", "decimals", "ground", "list", "none", "choice");

    private static final Map<String, PromptTemplate> LOADED = new ConcurrentHashMap<>();

    private final String where;
    private final ObjectNode node;

    private PromptFile(String where, ObjectNode node) {
        this.where = where;
        this.node = node;
    }

    static PromptTemplate find(String name) {
        if (BUILT_IN.contains(name)) {
            return builtIn(name);
        }
        if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
            throw new InputException("unknown prompt template \"" + name + "\"; known: " + String.join(", ", BUILT_IN)
                    + "; or give the path of a yaml file of your own");
        }
        try {
            return read(name, AtomicFiles.readString(Path.of(name)), name);
        } catch (InvalidPathException e) {
            throw new InputException("prompt template \"" + name + "\" is not a path", e);
        }
    }

    static PromptTemplate builtIn(String name) {
        return LOADED.computeIfAbsent(name, key -> read(key, text(key), "prompt template " + key));
    }

    static String text(String name) {
        if (!BUILT_IN.contains(name)) {
            throw new InputException("unknown prompt template \"" + name + "\"; known: " + String.join(", ", BUILT_IN));
        }
        return Resources.text(PromptFile.class, name + ".yaml");
    }

    private static PromptTemplate read(String name, String yaml, String where) {
        if (!(Yaml.parse(yaml, where) instanceof ObjectNode node)) {
            throw new InputException(
                    where + ": a prompt template is a mapping of keys to values; known: " + String.join(", ", KEYS));
        }
        PromptFile file = new PromptFile(where, node);
        file.known(node, "", KEYS);
        try {
            return new PromptTemplate(
                    name,
                    file.text(node, "before"),
                    file.text(node, "ground"),
                    file.text(node, "list"),
                    file.text(node, "yesNo"),
                    file.text(node, "choice"),
                    file.steps(),
                    file.choice("options", OptionStyle.values(), OptionStyle::id),
                    file.replies(),
                    file.choice("parser", ReplyParser.values(), ReplyParser::id));
        } catch (InputException e) {
            throw e.getMessage().startsWith(where) ? e : new InputException(where + ": " + e.getMessage(), e);
        }
    }

    private List<QueryStep> steps() {
        JsonNode list = node.path("query");
        if (list.isMissingNode() || list.isNull()) {
            return null;
        }
        if (!list.isArray()) {
            throw new InputException(where + ": \"query\" must be a list of steps, such as [strip, lower, stop]");
        }
        List<QueryStep> steps = new ArrayList<>();
        list.forEach(step -> steps.add(known("query", step.asText(), QueryStep.values(), QueryStep::id)));
        return steps;
    }

    private ReplyFormat replies() {
        JsonNode replies = node.path("replies");
        if (replies.isMissingNode() || replies.isNull()) {
            return null;
        }
        if (!(replies instanceof ObjectNode forms)) {
            throw new InputException(
                    where + ": \"replies\" must be a mapping; known: " + String.join(", ", REPLY_KEYS));
        }
        known(forms, "replies.", REPLY_KEYS);
        JsonNode decimals = forms.path("decimals");
        if (!decimals.isMissingNode() && !decimals.isInt()) {
            throw new InputException(where + ": \"replies.decimals\" must be a whole number, not " + decimals);
        }
        return new ReplyFormat(
                text(forms, "interval"),
                text(forms, "separator"),
                decimals.isInt() ? decimals.intValue() : null,
                text(forms, "ground"),
                text(forms, "list"),
                text(forms, "none"),
                text(forms, "choice"));
    }

    private String text(ObjectNode from, String key) {
        JsonNode value = from.path(key);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw new InputException(where + ": \"" + key + "\" must be a text, not " + value);
        }
        return value.isTextual() ? value.textValue() : null;
    }

    private <T> T choice(String key, T[] all, Function<T, String> label) {
        String text = text(node, key);
        return text == null ? null : known(key, text, all, label);
    }

    private <T> T known(String key, String text, T[] all, Function<T, String> label) {
        return Arrays.stream(all)
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new InputException(where + ": \"" + key + "\": unknown value \"" + text
                        + "\"; known: " + Arrays.stream(all).map(label).collect(Collectors.joining(", "))));
    }

    private void known(ObjectNode mapping, String prefix, List<String> keys) {
        mapping.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw new InputException(
                        where + ": unknown key \"" + prefix + key + "\"; known: " + String.join(", ", keys));
            }
        });
    }
}
