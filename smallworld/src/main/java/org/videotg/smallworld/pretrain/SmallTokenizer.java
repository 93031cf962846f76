package org.videotg.smallworld.pretrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.smallworld.AttributeQuestion;

/**
 * The tokenizer of the small model. A time is two tokens, its whole seconds and its tenths, which are the same in the
 * timestamps of prompts and in replies, so that the model answers by copying. Byte-level BPE without merges: a piece of
 * text is one token if it is in the vocabulary and otherwise its bytes, so that every text and every time up to 9999.9
 * can be encoded.
 */
public final class SmallTokenizer {
    /** The special tokens, in the order of Qwen's checkpoints. */
    static final List<String> SPECIAL = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|vision_pad|>",
            "<|image_pad|>",
            "<|video_pad|>");

    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

    /** Creates the tokenizer for the prompts, replies and words of the small world. */
    public SmallTokenizer() {
        this(texts());
    }

    private static List<String> texts() {
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        List<String> texts = new ArrayList<>(List.of(
                "user\n",
                "assistant\n",
                "\n",
                prompt.before().replace("{query}", "").strip(),
                prompt.before().replace("{query}", ""),
                prompt.ground(),
                prompt.list(),
                prompt.probing("", 3.2).after(),
                prompt.answering("", List.of("A", "B", "C", "D")).after(),
                "yes",
                "no",
                "none",
                "3.0 to 7.0, 10.0 to 12.0",
                "(A) 3.0",
                "(B) 3.0",
                "(C) 3.0",
                "(D) 3.0",
                "<"));
        for (String word : AttributeQuestion.words()) {
            texts.add(word);
            texts.add(" " + word);
        }
        return texts;
    }

    /** @param texts texts whose pieces become tokens */
    public SmallTokenizer(List<String> texts) {
        for (int value = 0; value < 256; value++) {
            add(String.valueOf(symbol(value)));
        }
        for (int seconds = 10; seconds < 100; seconds++) {
            add(String.valueOf(seconds));
        }
        for (int tenth = 0; tenth < 10; tenth++) {
            for (String end : List.of("", " seconds>", " seconds?")) {
                add(symbols("." + tenth + end));
            }
        }
        TreeSet<String> pieces = new TreeSet<>();
        for (String text : texts) {
            Matcher matcher = Pattern.compile(Tokenizer.SMALL_MODEL_PIECES).matcher(text);
            while (matcher.find()) {
                pieces.add(matcher.group());
            }
        }
        pieces.forEach(piece -> add(symbols(piece)));
    }

    private void add(String token) {
        vocabulary.putIfAbsent(token, vocabulary.size());
    }

    /** Returns the number of tokens, special ones included. */
    public int size() {
        return vocabulary.size() + SPECIAL.size();
    }

    /** Returns the id of a special token. */
    public int special(String token) {
        return vocabulary.size() + SPECIAL.indexOf(token);
    }

    /** Returns the content of {@code tokenizer.json}. */
    public String json() {
        JsonNode root = Json.parse(Resources.text(SmallTokenizer.class, "tokenizer.json"), "tokenizer.json");
        for (String token : SPECIAL) {
            ((ArrayNode) root.get("added_tokens"))
                    .addObject()
                    .put("id", special(token))
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        ((ObjectNode) root.at("/pre_tokenizer/pretokenizers/0/pattern")).put("Regex", Tokenizer.SMALL_MODEL_PIECES);
        vocabulary.forEach(((ObjectNode) root.at("/model/vocab"))::put);
        return Json.pretty(root);
    }

    private static String symbols(String text) {
        StringBuilder symbols = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            symbols.append(symbol(b & 0xff));
        }
        return symbols.toString();
    }

    /** Returns a byte's character in byte-level BPE: itself if printable, else one from 256 on, in order. */
    private static char symbol(int value) {
        if (printable(value)) {
            return (char) value;
        }
        int before = 0;
        for (int other = 0; other < value; other++) {
            before += printable(other) ? 0 : 1;
        }
        return (char) (256 + before);
    }

    private static boolean printable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
    }
}
