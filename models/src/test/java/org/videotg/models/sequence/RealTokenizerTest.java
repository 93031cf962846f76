package org.videotg.models.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.io.SharedData;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.models.ModelConfig;
import org.videotg.models.config.VideoOptions;

/** Token ids under the published tokenizer of Qwen3, which transformers gave ({@code golden_token_ids.py}). */
class RealTokenizerTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final JsonNode EXPECTED = Json.read(GOLDEN.resolve("token_ids.json"));
    private static final List<String> QUERIES = texts("queries");
    private static final List<String> OPTIONS = texts("options");
    private static final PromptGrids VIDEO = PromptGrids.all(new double[] {0.5, 127.3}, GridSpacing.even(126.8), 1, 1);
    private static final int TIMES = 3000;

    @TempDir
    static Path folder;

    private static Tokenizer tokenizer;
    private static final Map<String, ChatTemplate> CHATS = new HashMap<>();

    @BeforeAll
    static void loadOnce() throws Exception {
        tokenizer = Tokenizer.load(SharedData.file("qwen3-tokenizer/tokenizer.json"));
        for (String family : List.of("qwen25vl", "qwen3vl")) {
            ObjectNode root = Json.read(GOLDEN.resolve(family).resolve("a").resolve("checkpoint/config.json"));
            root.put("video_token_id", 151656)
                    .put("vision_start_token_id", 151652)
                    .put("vision_end_token_id", 151653)
                    .withObject("/text_config")
                    .put("vocab_size", 151936);
            ModelConfig config = ModelConfig.read(Files.writeString(folder.resolve(family + ".json"), root.toString()));
            CHATS.put(config.family().modelType(), config.family().template(config, tokenizer, VideoOptions.DEFAULT));
        }
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Test
    void promptsAreThoseOfTransformers() {
        for (JsonNode row : EXPECTED.path("prompts")) {
            String where = row.path("family").asText() + " "
                    + row.path("template").asText() + " " + row.path("kind").asText();
            PromptTemplate.Text text = text(
                    PromptTemplate.named(row.path("template").asText()),
                    row.path("kind").asText(),
                    QUERIES.get(row.path("query").asInt()));
            ChatTemplate chat = CHATS.get(row.path("family").asText());
            int[] expected = StreamSupport.stream(row.path("ids").spliterator(), false)
                    .mapToInt(JsonNode::asInt)
                    .toArray();
            assertArrayEquals(
                    expected,
                    chat.prefix(text.before(), VIDEO)
                            .append(chat.afterVideo(text.after()))
                            .ids(),
                    where);
        }
        assertEquals(92, EXPECTED.path("prompts").size());
    }

    @Test
    void timestampsAndRepliesAreThoseOfTransformers() {
        ChatTemplate chat = CHATS.get("qwen3_vl");
        check("timestamps", t -> tokenizer.encode("<" + PromptTemplate.time(t) + " seconds>"));
        check("intervals, 1 decimal", t -> chat.reply(reply("own", t, t + 7.7)));
        check("intervals, 2 decimals", t -> chat.reply(answer(reply("timer1-eval", t, t + 7.77))));
        check("seconds", t -> chat.reply(reply("timelens", t, t + 7.7)));
        check(
                "glue",
                t -> chat.reply(answer(
                        PromptTemplate.named("videochat-r1-gqa").reply("B", List.of(new Interval(t, t + 1))))));
    }

    /** The expression of Qwen's tokenizer backtracks on these, but not without end. */
    @Test
    void longRunsOfOneCharacterAreRead() {
        for (String character : List.of(" ", "\n", "a", "1", "!", "\u00e9", "\u65e5", "'", "\t")) {
            assertEquals(character.repeat(30_000), tokenizer.decode(tokenizer.encode(character.repeat(30_000))));
        }
    }

    private static String reply(String template, double start, double end) {
        return PromptTemplate.named(template).reply(new Interval(start, end));
    }

    /** A reply from its answer on, without the thoughts before it. */
    private static String answer(String reply) {
        return reply.substring(reply.indexOf("<answer>"));
    }

    private static void check(String name, DoubleFunction<int[]> ids) {
        String all = IntStream.range(0, TIMES)
                .mapToObj(i -> IntStream.of(ids.apply(i * 7 / 10.0))
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(",", "[", "]")))
                .collect(Collectors.joining(",", "[", "]"));
        assertEquals(EXPECTED.path("digests").path(name).asText(), Sha256.of(all), name);
    }

    private static PromptTemplate.Text text(PromptTemplate template, String kind, String query) {
        return switch (kind) {
            case "ground" -> template.grounding(query);
            case "list" -> template.listing(query);
            case "yesNo" -> template.probing(query, 12.5);
            case "choice" -> template.answering(query, OPTIONS);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static List<String> texts(String key) {
        return StreamSupport.stream(EXPECTED.path(key).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
