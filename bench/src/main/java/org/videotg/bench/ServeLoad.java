package org.videotg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.core.io.Json;

/**
 * Loads a running {@code videotg serve} without a key: requests per second of 1 and of N clients, on one video and on
 * several, in turns; then N clients for as long as wanted, with the errors and the server's resident memory. Arguments:
 * URL CLIENTS SECONDS VIDEO..., such as {@code http://127.0.0.1:8080 8 1800 clips/*.mp4}. The query stands before the
 * video, as in the small model's prompt; with the system property {@code query=after} it follows, as in most others.
 */
public final class ServeLoad {
    private static final int ROUNDS = 3;
    private static final int ROUND_SECONDS = 10;
    private static final int MINUTE = 60;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final AtomicInteger numbers = new AtomicInteger();

    private ServeLoad(URI server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        ServeLoad load = new ServeLoad(URI.create(arguments[0] + "/"));
        int clients = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        List<String> videos = new ArrayList<>();
        for (String video : Arrays.copyOfRange(arguments, 3, arguments.length)) {
            videos.add(load.upload(Path.of(video)));
        }
        System.out.printf(
                Locale.ROOT,
                "first answer about a video %.3f s, second %.3f s%n",
                load.seconds(videos.get(0)),
                load.seconds(videos.get(0)));
        videos.forEach(load::seconds);
        for (int round = 1; round <= ROUNDS; round++) {
            for (List<String> asked : List.of(videos.subList(0, 1), videos)) {
                for (int n : List.of(1, clients)) {
                    System.out.println(
                            "round " + round + ", " + asked.size() + " videos: " + load.run(asked, n, ROUND_SECONDS));
                }
            }
        }
        for (int minute = 0; minute * MINUTE < seconds; minute++) {
            System.out.println("minute " + minute + ": " + load.run(videos, clients, MINUTE));
        }
    }

    private String run(List<String> videos, int clients, int seconds) throws InterruptedException {
        ConcurrentLinkedQueue<Double> times = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        long started = System.nanoTime();
        List<Thread> threads = IntStream.range(0, clients)
                .mapToObj(i -> new Thread(() -> {
                    while (System.nanoTime() < until) {
                        try {
                            times.add(seconds(videos.get(numbers.incrementAndGet() % videos.size())));
                        } catch (IllegalStateException e) {
                            errors.add(e.getMessage());
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        List<Double> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%d clients, %.1f requests/s, median %.3f s, 99%% %.3f s, %d errors%s, resident %.0f MB",
                clients,
                sorted.size() / ((System.nanoTime() - started) / 1e9),
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2),
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100),
                errors.size(),
                errors.isEmpty()
                        ? ""
                        : " " + errors.stream().distinct().limit(3).collect(Collectors.toList()),
                resident() / 1e6);
    }

    /** Asks a question of its own about a video. */
    private double seconds(String video) {
        ObjectNode request = Json.MAPPER.createObjectNode().put("max_tokens", 24);
        ArrayNode content =
                request.putArray("messages").addObject().put("role", "user").putArray("content");
        String query = "Query: red square " + numbers.incrementAndGet() + "\n";
        boolean after = "after".equals(System.getProperty("query"));
        if (!after) {
            content.addObject().put("type", "text").put("text", query);
        }
        content.addObject().put("type", "video_url").putObject("video_url").put("url", video);
        content.addObject().put("type", "text").put("text", (after ? query : "") + "When? Answer: start to end");
        long started = System.nanoTime();
        send(HttpRequest.newBuilder(server.resolve("v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(request))));
        return (System.nanoTime() - started) / 1e9;
    }

    private String upload(Path video) throws IOException {
        JsonNode stored = Json.parse(
                send(HttpRequest.newBuilder(server.resolve("v1/videos?name=" + video.getFileName()))
                        .POST(HttpRequest.BodyPublishers.ofFile(video))),
                "upload");
        return stored.path("url").asText();
    }

    private double resident() {
        return send(HttpRequest.newBuilder(server.resolve("metrics")))
                .lines()
                .filter(line -> line.startsWith("videotg_resident_bytes "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElse(0);
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
