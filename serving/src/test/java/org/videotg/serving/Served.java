package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.serving.ServingSettings.VideoLimits;
import org.videotg.serving.ServingSettings.VideoSettings;
import org.videotg.video.Mp4Writer;
import org.videotg.video.Png;
import org.videotg.video.RgbImage;
import org.videotg.web.WebSettings;

/** The committed checkpoint behind a server of this process, a client and videos. */
final class Served implements AutoCloseable {
    static final Path MODEL = Path.of("..", "models", "small");
    static final VideoLimits LIMITS = new VideoLimits(200_000, 400_000, 60, 100_000);
    private static final int SIZE = 64;
    private static final int FPS = 4;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Backend.Handle handle;
    final Serving serving;

    private Served(Backend.Handle handle, Serving serving) {
        this.handle = handle;
        this.serving = serving;
    }

    /** @param folder of features and uploads; requests may name files below its folder {@code root} */
    static Served start(Path folder) throws IOException {
        return start(folder, WebSettings.Limits.DEFAULT, 512, Set.of());
    }

    static Served start(Path folder, WebSettings.Limits limits, int maxTokens, Set<String> hosts) throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Path features = folder.resolve("features");
        Backend.Handle handle = handle(features);
        ServingSettings settings = new ServingSettings(
                WebSettings.loopback(0).withLimits(limits),
                "small",
                PromptTemplate.DEFAULT,
                new ServingSettings.ModelLimits(maxTokens, 8),
                new VideoSettings(Optional.of(root), hosts, !hosts.isEmpty(), folder, Optional.of(features), LIMITS));
        return new Served(handle, Serving.start(settings, handle, handle.open()));
    }

    static Backend.Handle handle(Path features) {
        return Backend.findModel(
                new Backend.Request(MODEL.toString(), Optional.empty(), Map.of(), features, "cpu", "float32"));
    }

    /** A square that moves for so many seconds. */
    static Path video(Path file, int seconds) {
        Mp4Writer.write(
                file,
                SIZE,
                SIZE,
                FPS,
                IntStream.range(0, seconds * FPS).mapToObj(Served::frame).iterator(),
                Mp4Writer.CRISP);
        return file;
    }

    /** Every second frame of such a video as a picture, in a folder that says when they are shown: from 0.25 s on. */
    static Path pictures(Path folder, int seconds) throws IOException {
        Files.createDirectories(folder);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < seconds * FPS / 2; i++) {
            Files.write(folder.resolve(i + ".png"), Png.encode(new RgbImage(SIZE, SIZE, frame(2 * i))));
            times.add(0.25 + 2.0 * i / FPS);
        }
        Files.write(folder.resolve("frames.json"), Json.MAPPER.writeValueAsBytes(Map.of("times", times)));
        return folder;
    }

    private static byte[] frame(int number) {
        byte[] rgb = new byte[3 * SIZE * SIZE];
        for (int y = 20; y < 34; y++) {
            for (int x = 2 * number % (SIZE - 14); x < 2 * number % (SIZE - 14) + 14; x++) {
                rgb[3 * (y * SIZE + x)] = (byte) 220;
            }
        }
        return rgb;
    }

    String get(String path) {
        return send(request(path).GET()).body();
    }

    HttpResponse<String> post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Posts and expects an answer. */
    JsonNode good(String path, ObjectNode json) {
        HttpResponse<String> answer = post(path, Json.line(json));
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return Json.parse(answer.body(), path);
    }

    /** Uploads a video and returns its address. */
    String upload(Path video) throws IOException {
        HttpResponse<String> answer = send(request("v1/videos?name=" + video.getFileName())
                .POST(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(video))));
        if (answer.statusCode() != 200) {
            throw new AssertionError("the upload was answered " + answer.statusCode() + ": " + answer.body());
        }
        return Json.parse(answer.body(), "upload").path("url").asText();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(serving.address() + path));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request about a video, with texts around it. */
    static ObjectNode chat(String before, String address, String after) {
        ObjectNode request = Json.MAPPER.createObjectNode().put("model", "small");
        ObjectNode message = request.putArray("messages").addObject().put("role", "user");
        var content = message.putArray("content");
        if (!before.isEmpty()) {
            content.addObject().put("type", "text").put("text", before);
        }
        content.addObject().put("type", "video_url").putObject("video_url").put("url", address);
        content.addObject().put("type", "text").put("text", after);
        return request;
    }

    @Override
    public void close() {
        serving.close();
    }
}
