package org.videotg.models.sequence;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * The chat template of a checkpoint, a Jinja program. It is not run: prompts are written by the family's own template.
 * A file that adds another system prompt or begins the reply is refused; other texts that the published templates of
 * Qwen2.5-VL and Qwen3-VL do not have are noted.
 *
 * @param file that holds it
 */
record TemplateFile(Path file, String source) {
    private static final Logger LOG = LoggerFactory.getLogger(TemplateFile.class);

    private static final Pattern TAG = Pattern.compile("\\{#.*?#}|\\{%(.*?)%}|\\{\\{(.*?)}}", Pattern.DOTALL);
    private static final Pattern LITERAL =
            Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'|\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.DOTALL);
    private static final int MOST_CHARACTERS = 50_000;
    private static final String REPLY = "<|im_start|>assistant";

    private static final Set<String> KNOWN = Set.of(
            "",
            "<|im_start|>",
            "<|im_start|>system",
            "<|im_start|>user",
            REPLY,
            "<|im_end|>",
            "<|im_end|> <|im_start|>",
            "<|vision_start|><|image_pad|><|vision_end|>",
            "<|vision_start|><|video_pad|><|vision_end|>",
            "Picture",
            "Video",
            ":",
            "<tool_call> {\"name\": \"",
            "\", \"arguments\":",
            "} </tool_call>",
            "<tool_response>",
            "</tool_response>",
            // Names in conditions.
            "role",
            "content",
            "type",
            "text",
            "image",
            "image_url",
            "video",
            "system",
            "user",
            "assistant",
            "tool");

    /** Returns the template that transformers takes. */
    static Optional<TemplateFile> read(Path folder) {
        Path legacy = folder.resolve("chat_template.json");
        Path jinja = folder.resolve("chat_template.jinja");
        Path tokenizer = folder.resolve("tokenizer_config.json");
        if (Files.exists(legacy)) {
            return Optional.of(new TemplateFile(
                    legacy, Json.read(legacy).path("chat_template").asText()));
        }
        if (Files.exists(jinja)) {
            return Optional.of(new TemplateFile(jinja, AtomicFiles.readString(jinja)));
        }
        if (!Files.exists(tokenizer)) {
            return Optional.empty();
        }
        JsonNode stated = Json.read(tokenizer).path("chat_template");
        for (JsonNode named : stated) {
            if (named.path("name").asText().equals("default")) {
                stated = named.path("template");
            }
        }
        return stated.isTextual() ? Optional.of(new TemplateFile(tokenizer, stated.asText())) : Optional.empty();
    }

    /** @param system the system prompt that the family adds, possibly empty */
    void check(String system) {
        if (source.length() > MOST_CHARACTERS) {
            throw refusal("it has more than " + MOST_CHARACTERS + " characters");
        }
        List<String> texts = texts();
        String prompt = plain(system);
        for (String text : texts) {
            boolean tools = text.contains("<tools>") || text.contains("</tools>");
            if (KNOWN.contains(text) || tools || (!prompt.isEmpty() && text.equals(prompt))) {
                continue;
            }
            String quoted = "\"" + (text.length() > 100 ? text.substring(0, 100) + "..." : text) + "\"";
            if (text.contains("<think>") || text.startsWith("<|im_start|>system")) {
                throw refusal("it writes " + quoted);
            }
            LOG.warn("{}: the chat template can write {}, which videotg's prompts never have", file, quoted);
        }
        if (!prompt.isEmpty() && !texts.contains(prompt)) {
            throw refusal("it lacks the system prompt \"" + prompt + "\"");
        }
        texts.removeIf(String::isEmpty);
        if (texts.isEmpty() || !texts.get(texts.size() - 1).equals(REPLY)) {
            throw refusal("it does not end with " + REPLY);
        }
    }

    private InputException refusal(String what) {
        return new InputException(file + ": this chat template is not supported: " + what
                + "; take an Instruct checkpoint, or the video option chat_template=ignore to go on with prompts as the "
                + "family's published template writes them");
    }

    /** Returns the texts outside of tags and the string literals within them, in order. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        Matcher tag = TAG.matcher(source);
        int end = 0;
        for (; tag.find(); end = tag.end()) {
            texts.add(plain(source.substring(end, tag.start())));
            LITERAL.matcher(tag.group())
                    .results()
                    .map(literal -> literal.group(1) == null ? literal.group(2) : literal.group(1))
                    .forEach(literal ->
                            texts.add(plain(literal.replace("\\n", "\n").replace("\\\"", "\""))));
        }
        texts.add(plain(source.substring(end)));
        return texts;
    }

    private static String plain(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
