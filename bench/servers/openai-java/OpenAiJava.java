import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionUserMessageParam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks a running server with OpenAI's Java library: models, chat, n, seed, streaming and errors. Arguments: URL VIDEO
 * [KEY]. The library has no part for videos, so the content of the message is given as JSON.
 */
public final class OpenAiJava {
    private static int failed;

    private OpenAiJava() {}

    public static void main(String[] arguments) throws Exception {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(arguments[0])
                .apiKey(arguments.length > 2 ? arguments[2] : "none")
                .maxRetries(0)
                .build();
        Path video = Path.of(arguments[1]);
        String address = "data:video/mp4;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(video));
        String model = client.models().list().data().get(0).id();
        check("models", !model.isEmpty());

        List<String> greedy = texts(client, asked(model, address).maxCompletionTokens(48).build());
        check("chat", !greedy.get(0).isEmpty());
        check("greedy replies repeat", greedy.equals(texts(client, asked(model, address).maxCompletionTokens(48).build())));

        ChatCompletionCreateParams sampled =
                asked(model, address).n(4).temperature(1.0).seed(11).maxCompletionTokens(48).build();
        List<String> four = texts(client, sampled);
        check("n", four.size() == 4);
        check("seed", four.equals(texts(client, sampled)));

        TreeMap<Long, String> grown = new TreeMap<>();
        try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(sampled)) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> grown.merge(choice.index(), choice.delta().content().orElse(""), String::concat));
        }
        check("streaming", four.equals(List.copyOf(grown.values())));

        try {
            texts(client, asked("gpt-4o", address).build());
            check("another model is not found", false);
        } catch (NotFoundException e) {
            check("another model is not found", e.statusCode() == 404);
        }
        try {
            texts(client, asked(model, "data:video/mp4;base64,AAAA").build());
            check("no video", false);
        } catch (BadRequestException e) {
            check("no video", e.statusCode() == 400);
        }
        System.out.println("openai-java: " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private static ChatCompletionCreateParams.Builder asked(String model, String address) {
        JsonValue content = JsonValue.from(List.of(
                Map.of("type", "text", "text", "Query: the red square blinks\n"),
                Map.of("type", "video_url", "video_url", Map.of("url", address)),
                Map.of("type", "text", "text", "When? Answer: start to end")));
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addMessage(ChatCompletionUserMessageParam.builder().content(content).build())
                .putAdditionalBodyProperty("videotg", JsonValue.from(Map.of("name", "clip.mp4")));
    }

    private static List<String> texts(OpenAIClient client, ChatCompletionCreateParams parameters) {
        ChatCompletion answer = client.chat().completions().create(parameters);
        return answer.choices().stream()
                .map(choice -> choice.message().content().orElse(""))
                .toList();
    }

    private static void check(String name, boolean condition) {
        System.out.println((condition ? "ok    " : "FAILED ") + name);
        failed += condition ? 0 : 1;
    }
}
