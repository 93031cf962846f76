package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;
import org.videotg.video.VideoFile;

/**
 * A server with OpenAI's interface whose replies depend on the question and the seed only. It can misbehave: which
 * attempt at which question goes wrong, and how, depends on a seed.
 */
public final class StubServer implements AutoCloseable {
    /** What goes wrong with one attempt. */
    enum Fault {
        TOO_MANY,
        TOO_MANY_WITH_WAIT,
        INTERNAL,
        BAD_GATEWAY,
        UNAVAILABLE,
        CLOSED,
        CUT_BODY,
        TRUNCATED_JSON,
        FOREIGN_JSON,
        PAGE,
        NO_CHOICES,
        NO_TEXT,
        ERROR_WITH_200,
        STALL
    }

    /**
     * How often attempts go wrong.
     *
     * @param share of attempts, at most three in a row for one question
     * @param stall of an answer that comes too late, in milliseconds
     */
    public record Faults(double share, long seed, int stall) {
        static final Faults NONE = new Faults(0, 0, 0);
        private static final int MOST_IN_A_ROW = 3;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Faults faults;
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile String owner = "vllm";
    private volatile String always = "";
    private volatile boolean remembers = true;

    public StubServer(Faults faults) {
        this(faults, 0);
    }

    /** @param port 0 for any */
    public StubServer(Faults faults, int port) {
        this.faults = faults;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Who owns the model, which tells the kind of the server. */
    StubServer owner(String name) {
        owner = name;
        return this;
    }

    /** Questions that contain this text always fail. */
    public StubServer alwaysFails(String text) {
        always = text;
        return this;
    }

    /** Keeps no requests, so that memory stays flat. */
    public StubServer forgets() {
        remembers = false;
        return this;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String model() {
        return "http://localhost:" + port() + "/v1#stub";
    }

    /** The bodies of all requests for chat completions so far. */
    List<JsonNode> requests() {
        return requests;
    }

    List<String> paths() {
        return paths;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (remembers) {
                paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestURI().getPath()) {
                case "/v1/models" -> send(exchange, 200, models().toString());
                case "/version" -> send(exchange, 200, "{\"version\": \"1.2.3\"}");
                case "/v1/chat/completions" -> chat(exchange, Json.MAPPER.readTree(body));
                default -> send(exchange, 404, "{\"detail\": \"Not Found\"}");
            }
        }
    }

    private ObjectNode models() {
        ObjectNode models = Json.MAPPER.createObjectNode().put("object", "list");
        models.putArray("data")
                .addObject()
                .put("id", "stub")
                .put("object", "model")
                .put("owned_by", owner)
                .put("root", "/models/stub");
        return models;
    }

    private void chat(HttpExchange exchange, JsonNode request) throws IOException {
        if (remembers) {
            requests.add(request);
        }
        String question = texts(request);
        if (!always.isEmpty() && question.contains(always)) {
            send(exchange, 500, "{\"error\": {\"message\": \"this question is poison\"}}");
            return;
        }
        String key = question + request.path("seed") + request.path("temperature");
        int attempt = attempts.merge(Integer.toString(key.hashCode()), 1, Integer::sum);
        long id = Draw.key(key);
        boolean wrong = attempt % (Faults.MOST_IN_A_ROW + 1) != 0
                && Draw.uniform(faults.seed(), "fault", id, attempt) < faults.share();
        if (wrong) {
            Fault[] all = Fault.values();
            misbehave(exchange, request, all[(int) (all.length * Draw.uniform(faults.seed(), "kind", id, attempt))]);
        } else {
            answers.incrementAndGet();
            send(exchange, 200, answer(request, question).toString());
        }
    }

    private void misbehave(HttpExchange exchange, JsonNode request, Fault fault) throws IOException {
        String good = answer(request, texts(request)).toString();
        switch (fault) {
            case TOO_MANY -> send(exchange, 429, "");
            case TOO_MANY_WITH_WAIT -> {
                exchange.getResponseHeaders().add("Retry-After", "0");
                send(exchange, 429, "{\"error\": \"slow down\"}");
            }
            case INTERNAL -> send(exchange, 500, "{\"error\": {\"message\": \"CUDA error\"}}");
            case BAD_GATEWAY -> send(exchange, 502, "<html>bad gateway</html>");
            case UNAVAILABLE -> send(exchange, 503, "");
            case CLOSED -> {
                // The connection ends without an answer.
            }
            case CUT_BODY -> {
                byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                OutputStream out = exchange.getResponseBody();
                out.write(bytes, 0, bytes.length / 2);
                out.flush();
            }
            case TRUNCATED_JSON -> send(exchange, 200, good.substring(0, good.length() / 2));
            case FOREIGN_JSON -> send(exchange, 200, "{\"hello\": [1, 2]}");
            case PAGE -> send(exchange, 200, "<html>log in</html>");
            case NO_CHOICES -> send(exchange, 200, "{\"choices\": [], \"usage\": {\"prompt_tokens\": 3}}");
            case NO_TEXT -> {
                ObjectNode answer = answer(request, texts(request));
                ((ObjectNode) answer.path("choices").path(0))
                        .putObject("message")
                        .putNull("content");
                ((ObjectNode) answer.path("choices").path(0)).put("finish_reason", "stop");
                send(exchange, 200, answer.toString());
            }
            case ERROR_WITH_200 -> send(exchange, 200, "{\"error\": {\"message\": \"overloaded\"}}");
            case STALL -> {
                LockSupport.parkNanos(1_000_000L * faults.stall());
                send(exchange, 200, good);
            }
        }
    }

    /** All texts of the question, without the times of frames. */
    private static String texts(JsonNode request) {
        StringBuilder text = new StringBuilder();
        request.path("messages").path(0).path("content").forEach(part -> {
            String shown = part.path("text").asText();
            text.append(shown.startsWith("<") ? "" : shown);
        });
        return text.toString();
    }

    private static int frames(JsonNode request) {
        int frames = 0;
        for (JsonNode part : request.path("messages").path(0).path("content")) {
            frames += switch (part.path("type").asText()) {
                case "image_url" -> 1;
                case "video_url" -> framesOf(part.path("video_url").path("url").asText());
                default -> 0;
            };
        }
        return frames;
    }

    private static int framesOf(String url) {
        String data = url.substring(url.indexOf(',') + 1);
        if (url.startsWith("data:video/jpeg")) {
            return data.split(",").length;
        }
        if (!url.startsWith("data:")) {
            return VideoFile.open(Path.of(url)).info().frames();
        }
        try {
            Path file = Files.createTempFile("stub", ".mkv");
            try {
                Files.write(file, Base64.getDecoder().decode(data));
                return VideoFile.open(file).info().frames();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode answer(JsonNode request, String question) {
        int n = request.path("n").asInt(1);
        int most = request.path("max_tokens").asInt();
        long seed = request.path("temperature").asDouble() == 0
                ? 0
                : request.path("seed").asLong() + 1;
        ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "chat.completion");
        ArrayNode choices = answer.putArray("choices");
        int completion = 0;
        for (int i = 0; i < n; i++) {
            int start = (int) (20 * Draw.uniform(seed, "start", Draw.key(question), i));
            String[] words = (start + ".0 to " + (start + 4) + ".0").split(" ");
            int tokens = Math.min(words.length, most);
            completion += tokens;
            ObjectNode choice = choices.addObject().put("index", i);
            choice.put("finish_reason", tokens < words.length ? "length" : "stop");
            choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", String.join(" ", List.of(words).subList(0, tokens)));
            if (request.path("logprobs").asBoolean()) {
                double yes = 0.01 + 0.5 * Draw.uniform(0, "yes", Draw.key(question));
                ArrayNode top = choice.putObject("logprobs")
                        .putArray("content")
                        .addObject()
                        .putArray("top_logprobs");
                top.addObject().put("token", "Yes").put("logprob", Math.log(yes));
                top.addObject().put("token", " no").put("logprob", Math.log(0.9 - yes));
                top.addObject().put("token", "maybe").put("logprob", Math.log(0.1));
            }
        }
        int prompt = question.split(" ").length + 10 * frames(request);
        answer.putObject("usage").put("prompt_tokens", prompt).put("completion_tokens", completion);
        return answer;
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Ends at once, also in the middle of answers. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
