package org.videotg.models.sequence;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * Checks a {@code tokenizer.json} before the native library loads it. That library runs any regular expression of the
 * file and aborts the process where one backtracks too far, so only known expressions and normalizers are allowed.
 */
final class TokenizerCheck {
    /** The expression of Qwen2, Qwen2.5 and Qwen3. */
    private static final String QWEN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final Set<String> EXPRESSIONS = Set.of(QWEN, Tokenizer.SMALL_MODEL_PIECES);
    private static final Set<String> NORMALIZERS = Set.of("NFC");
    private static final Set<String> PRE_TOKENIZERS = Set.of("Sequence", "Split", "ByteLevel");
    private static final Set<String> BYTE_LEVEL = Set.of("ByteLevel");
    private static final ObjectReader PART =
            Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final long MOST_BYTES = 128L << 20;

    private final Path file;
    private long largestId = -1;

    private TokenizerCheck(Path file) {
        this.file = file;
    }

    /**
     * Checks the file.
     *
     * @return the largest id of its vocabulary and its added tokens
     * @throws InputException naming what is not allowed
     */
    static long check(Path file) {
        TokenizerCheck checked = new TokenizerCheck(file);
        try (JsonParser parser = Json.MAPPER.createParser(file.toFile())) {
            if (Files.size(file) > MOST_BYTES) {
                throw checked.refusal("it has more than " + (MOST_BYTES >> 20) + " MiB");
            }
            checked.root(parser);
        } catch (IOException e) {
            throw new InputException(file + " is not a tokenizer that can be read (" + e.getMessage() + ")", e);
        }
        return checked.largestId;
    }

    private void root(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw refusal("it is no JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "model" -> model(parser);
                case "normalizer" -> allow(field, PART.readTree(parser), NORMALIZERS);
                case "pre_tokenizer" -> preTokenizer(PART.readTree(parser));
                case "post_processor", "decoder" -> allow(field, PART.readTree(parser), BYTE_LEVEL);
                case "added_tokens" -> {
                    JsonNode tokens = PART.readTree(parser);
                    tokens.forEach(token ->
                            largestId = Math.max(largestId, token.path("id").asLong()));
                }
                default -> parser.skipChildren();
            }
        }
    }

    /** The vocabulary and its merges are large: they are not kept. */
    private void model(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw refusal("its model is no JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("type") && !parser.getText().equals("BPE")) {
                throw refusal("its model is " + parser.getText() + ", not BPE");
            } else if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    largestId = Math.max(largestId, parser.nextLongValue(-1));
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void preTokenizer(JsonNode node) {
        allow("pre_tokenizer", node, PRE_TOKENIZERS);
        node.path("pretokenizers").forEach(this::preTokenizer);
        JsonNode expression = node.path("pattern").path("Regex");
        if (!expression.isMissingNode() && !EXPRESSIONS.contains(expression.asText())) {
            throw refusal("its pre_tokenizer has a regular expression that is not Qwen's");
        }
    }

    private void allow(String field, JsonNode node, Set<String> types) {
        if (!node.isNull() && !types.contains(node.path("type").asText())) {
            throw refusal("its " + field + " is \"" + node.path("type").asText() + "\"; allowed: "
                    + String.join(", ", types.stream().sorted().toList()));
        }
    }

    private InputException refusal(String what) {
        return new InputException(file + " can't be used: " + what
                + ". Take the tokenizer.json of the model that this checkpoint was trained from");
    }
}
