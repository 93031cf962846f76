package org.videotg.review;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.Json;
import org.videotg.method.reflection.Decisions;
import org.videotg.video.VideoFile;

class ReviewServerTest {
    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private SmallReview review;
    private DecisionLog log;
    private ReviewServer server;
    private String key;

    @BeforeEach
    void start() throws IOException {
        review = SmallReview.write(folder);
        log = DecisionLog.open(review.decisions(), Duration.ZERO);
        server = review.serve(log, 0);
        key = server.page().getQuery().substring("key=".length());
    }

    @AfterEach
    void stop() {
        server.close();
        log.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.page().getPort() + path))
                .header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> decide(String body) throws Exception {
        return client.send(
                to("/api/decisions")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String id(String id) {
        return "?id=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    @Test
    void listsAndDetailsFollowTheDecisions() throws Exception {
        JsonNode list = Json.parse(get("/api/samples?filter=pending").body(), "list");
        assertEquals(4, list.size());
        assertEquals(List.of("partial"), Json.MAPPER.convertValue(list.get(0).get("marks"), List.class));
        String odd = "s/1 \"<b>\"";
        JsonNode sample = Json.parse(get("/api/sample" + id(odd)).body(), "sample");
        assertEquals(SmallReview.MARKUP, sample.path("query").asText());
        assertEquals(0.7, sample.path("probe").get(1).path("yes").asDouble());
        assertEquals(
                2,
                Json.parse(get("/api/sample?id=s0").body(), "s")
                        .path("predictions")
                        .size());
        assertEquals(
                10,
                Json.parse(get("/api/frames?id=s0").body(), "frames")
                        .path("fps")
                        .asDouble());
        HttpResponse<String> saved =
                decide("{\"id\":" + Json.line(odd) + ",\"decision\":\"repair\",\"intervals\":[[1,2.5]],"
                        + "\"reviewer\":\" ann \",\"time\":\"never\",\"sample\":\"forged\"}");
        assertEquals(200, saved.statusCode(), saved.body());
        // What is in the file is read without the server: it is there when the answer is.
        var stored = Decisions.read(review.decisions()).about(odd).iterator().next();
        assertEquals("ann", stored.reviewer());
        assertTrue(stored.time().startsWith("20") && stored.sample().matches("[0-9a-f]{16}"), stored.toString());
        assertEquals(
                3, Json.parse(get("/api/samples?filter=pending").body(), "list").size());
        JsonNode overview = Json.parse(get("/api/review").body(), "overview");
        assertEquals(4, overview.path("doubtful").asInt());
        assertEquals(1, overview.path("reviewers").path("ann").asInt());
        decide("{\"id\":" + Json.line(odd) + ",\"decision\":\"keep\",\"reviewer\":\"bob\"}");
        assertEquals(
                1,
                Json.parse(get("/api/review").body(), "o")
                        .path("agreement")
                        .get(0)
                        .path("samples")
                        .asInt());
    }

    @Test
    void badDecisionsAreNotStored() throws Exception {
        for (String bad : List.of(
                "{\"id\":\"s0\",\"decision\":\"keep\"}",
                "{\"id\":\"s0\",\"decision\":\"keep\",\"reviewer\":\"a\\nb\"}",
                "{\"id\":\"s0\",\"decision\":\"perhaps\",\"reviewer\":\"a\"}",
                "{\"id\":\"s0\",\"decision\":\"repair\",\"intervals\":[[1,9]],\"reviewer\":\"a\"}",
                "{\"id\":\"s0\",\"decision\":\"repair\",\"intervals\":[],\"reviewer\":\"a\"}",
                "[]",
                "{")) {
            HttpResponse<String> refused = decide(bad);
            assertEquals(400, refused.statusCode(), bad);
            assertTrue(Json.parse(refused.body(), "error").path("error").has("message"), refused.body());
        }
        assertEquals(
                404,
                decide("{\"id\":\"s9\",\"decision\":\"keep\",\"reviewer\":\"a\"}")
                        .statusCode());
        HttpResponse<String> form = client.send(
                to("/api/decisions")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"id\":\"s0\",\"decision\":\"keep\",\"reviewer\":\"a\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(415, form.statusCode(), "a form of another page can't decide");
        assertFalse(Files.exists(review.decisions()));
    }

    @Test
    void videosOfTheDataAreSentInRangesAndNothingElseIs() throws Exception {
        byte[] whole = Files.readAllBytes(folder.resolve("videos/v0.mp4"));
        HttpResponse<byte[]> part = client.send(
                to("/video?id=s0").header("Range", "bytes=100-199").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(whole, 100, 200), part.body());
        Files.writeString(folder.resolve("secret.txt"), "secret");
        for (String path : List.of(
                "/video" + id("../secret.txt"),
                "/video" + id(folder.resolve("secret.txt").toString()),
                "/video",
                "/copy" + id("../secret.txt"),
                "/secret.txt",
                "/videos/v0.mp4",
                "/..%2fsecret.txt",
                "/%2e%2e/secret.txt")) {
            HttpResponse<String> answer = get(path);
            assertTrue(answer.statusCode() >= 400, path + " " + answer.statusCode());
            assertFalse(answer.body().contains("secret\n"), path);
        }
        Files.delete(folder.resolve("videos/v3.mp4"));
        assertEquals(404, get("/video?id=s3").statusCode());
    }

    @Test
    void onlyThePageOfThisServerMayAsk() throws Exception {
        URI sample = URI.create("http://127.0.0.1:" + server.page().getPort() + "/api/samples");
        assertEquals(
                401,
                client.send(HttpRequest.newBuilder(sample).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        assertEquals(
                403,
                client.send(
                                to("/api/samples")
                                        .header("Origin", "http://evil.example")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.page().getPort())) {
            socket.getOutputStream()
                    .write(("GET /api/samples HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + key
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertTrue(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .startsWith("HTTP/1.1 403"),
                    "a name that another page has given this address");
        }
        assertEquals("127.0.0.1", server.page().getHost());
    }

    @Test
    void videosThatBrowsersDoNotPlayAreCopied() throws Exception {
        JsonNode state = null;
        for (int i = 0; i < 200; i++) {
            state = Json.parse(
                    client.send(
                                    to("/api/copy?id=s2")
                                            .POST(HttpRequest.BodyPublishers.noBody())
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body(),
                    "copy");
            if (!state.path("state").asText().equals("running")) {
                break;
            }
            Thread.sleep(50);
        }
        assertEquals("done", state.path("state").asText(), state.toString());
        HttpResponse<byte[]> copy = client.send(to("/copy?id=s2").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertEquals("video/mp4", copy.headers().firstValue("Content-Type").orElse(""));
        Path file = Files.write(folder.resolve("copy.mp4"), copy.body());
        assertEquals("h264", VideoFile.probe(file).codec());
        assertEquals(40, VideoFile.probe(file).frames());
        Files.writeString(folder.resolve("videos/v3.mp4"), "no video");
        for (int i = 0; i < 200 && !state.path("state").asText().equals("failed"); i++) {
            state = Json.parse(
                    client.send(
                                    to("/api/copy?id=s3")
                                            .POST(HttpRequest.BodyPublishers.noBody())
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body(),
                    "copy");
            Thread.sleep(20);
        }
        assertTrue(state.path("error").asText().contains("v3.mp4"), state.toString());
    }
}
