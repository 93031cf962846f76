package org.videotg.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.sample.VideoRef;

/**
 * Loads running servers, as the agents ask them: requests per second of 1 and of N clients, on one video and on several,
 * in rounds in which the servers take turns; then N clients of the first server, a {@code videotg serve}, for as long as
 * wanted, with its errors and its resident memory. Arguments: SERVERS CLIENTS SECONDS VIDEO..., such as
 * {@code http://127.0.0.1:8080/v1,http://127.0.0.1:8000/v1#NAME 8 1800 clips/*.mp4}. The query stands before the video,
 * as in the small model's prompt; with the system property {@code query=after} it follows, as in most others.
 */
public final class ServeLoad {
    private static final int ROUNDS = 3;
    private static final int ROUND_SECONDS = 10;
    private static final int MINUTE = 60;
    private static final int MAX_TOKENS = 24;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI address;
    private final Mllm mllm;
    private final AtomicInteger numbers = new AtomicInteger();

    private ServeLoad(String model) {
        this.address = URI.create(model.replaceFirst("/v1(#.*)?$", "/"));
        this.mllm = Backend.findModel(
                        new Backend.Request(model, Optional.empty(), Map.of(), Path.of("none"), "auto", "auto"))
                .open();
    }

    /** What some clients saw in some seconds. */
    private record Seen(int clients, double perSecond, List<Double> times, List<String> errors) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d clients, %.1f requests/s, median %.3f s, 99%% %.3f s, %d errors%s",
                    clients,
                    perSecond,
                    times.isEmpty() ? 0 : times.get(times.size() / 2),
                    times.isEmpty() ? 0 : times.get(times.size() * 99 / 100),
                    errors.size(),
                    errors.isEmpty()
                            ? ""
                            : " " + errors.stream().distinct().limit(3).collect(Collectors.toList()));
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<ServeLoad> servers =
                Arrays.stream(arguments[0].split(",")).map(ServeLoad::new).toList();
        int clients = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        List<VideoRef> videos = Arrays.stream(arguments)
                .skip(3)
                .map(video -> VideoRef.whole(Path.of(video)))
                .toList();
        for (ServeLoad server : servers) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: first answer about a video %.3f s, second %.3f s%n",
                    server.address,
                    server.seconds(videos.get(0)),
                    server.seconds(videos.get(0)));
            videos.forEach(server::seconds);
        }
        compare(servers, clients, videos);
        ServeLoad first = servers.get(0);
        for (int minute = 0; minute * MINUTE < seconds; minute++) {
            System.out.printf(
                    Locale.ROOT,
                    "minute %d: %s, resident %.0f MB%n",
                    minute,
                    first.run(videos, clients, MINUTE),
                    first.resident() / 1e6);
        }
    }

    private static void compare(List<ServeLoad> servers, int clients, List<VideoRef> videos)
            throws InterruptedException {
        Map<String, List<List<Double>>> rates = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            for (List<VideoRef> asked : List.of(videos.subList(0, 1), videos)) {
                for (int n : List.of(1, clients)) {
                    String load = asked.size() + " videos, " + n + " clients";
                    for (int i = 0; i < servers.size(); i++) {
                        Seen seen = servers.get(i).run(asked, n, ROUND_SECONDS);
                        System.out.println("round " + round + ", " + servers.get(i).address + ", " + asked.size()
                                + " videos: " + seen);
                        rates.computeIfAbsent(
                                        load,
                                        key -> servers.stream()
                                                .map(server -> (List<Double>) new ArrayList<Double>())
                                                .toList())
                                .get(i)
                                .add(seen.perSecond);
                    }
                }
            }
        }
        rates.forEach((load, each) -> System.out.println(load + ", requests/s (median of " + ROUNDS + "): "
                + each.stream()
                        .map(values -> String.format(Locale.ROOT, "%.1f", median(values)))
                        .collect(Collectors.joining(" and "))
                + (each.size() < 2
                        ? ""
                        : String.format(Locale.ROOT, ", ratio %.1f", median(each.get(0)) / median(each.get(1))))));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private Seen run(List<VideoRef> videos, int clients, int seconds) throws InterruptedException {
        ConcurrentLinkedQueue<Double> times = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        long started = System.nanoTime();
        long until = started + seconds * 1_000_000_000L;
        List<Thread> threads = IntStream.range(0, clients)
                .mapToObj(i -> new Thread(() -> {
                    while (System.nanoTime() < until) {
                        try {
                            times.add(seconds(videos.get(numbers.incrementAndGet() % videos.size())));
                        } catch (InputException e) {
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
        return new Seen(clients, sorted.size() / ((System.nanoTime() - started) / 1e9), sorted, List.copyOf(errors));
    }

    /** Asks a question of its own about a video. */
    private double seconds(VideoRef video) {
        String query = "Query: red square " + numbers.incrementAndGet() + "\n";
        boolean after = "after".equals(System.getProperty("query"));
        String task = "When? Answer: start to end";
        Question question = new Question(VideoView.whole(video), after ? "" : query, after ? query + task : task);
        long started = System.nanoTime();
        mllm.ask(question, Decoding.greedy(MAX_TOKENS));
        return (System.nanoTime() - started) / 1e9;
    }

    private double resident() throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(address.resolve("metrics")).build(), HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("videotg_resident_bytes "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElse(0);
    }
}
