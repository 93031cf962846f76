package org.videotg.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebServerTest {
    private static final String KEY = "0123456789abcdef-key";
    private static final WebSettings.Limits SMALL =
            new WebSettings.Limits(1000, Duration.ofMillis(700), 3000, Duration.ofMillis(600), 2);

    @TempDir
    static Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private byte[] content;
    private WebServer open;
    private WebServer locked;
    private CountDownLatch gate = new CountDownLatch(0);

    @BeforeAll
    void start() throws IOException {
        content = new byte[100_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 256);
        }
        Path video = folder.resolve("a.mp4");
        Files.write(video, content);
        List<Route> routes = List.of(
                Route.get("/ready", request -> WebAnswer.json(Map.of("status", "ok")))
                        .withoutKey(),
                Route.get("/videos/{id}", request -> WebAnswer.file(folder.resolve(request.pathParameter("id")))),
                Route.post("/echo", request -> WebAnswer.json(request.json())),
                Route.get("/bug", request -> {
                    throw new IllegalStateException("secret of the program");
                }),
                Route.get("/input", request -> {
                    throw new InputException("the sentence is empty; say what happens");
                }),
                Route.upload("/upload", 5000, request -> {
                    int length = request.input().readAllBytes().length;
                    return WebAnswer.json(Map.of("bytes", length));
                }),
                Route.work(
                        "/events",
                        request -> WebAnswer.events(sink -> {
                            sink.send("one");
                            gate.await();
                            if (request.query("endless").isPresent()) {
                                for (int i = 0; ; i++) {
                                    sink.send(String.valueOf(i));
                                }
                            }
                            sink.send("two");
                            if (request.query("broken").isPresent()) {
                                throw new IllegalStateException("secret of the program");
                            }
                            sink.send("[DONE]");
                        })),
                Route.work("/work", request -> {
                    gate.await();
                    return WebAnswer.json(Map.of("done", true));
                }));
        open = WebServer.start(WebSettings.loopback(0).withLimits(SMALL), routes);
        locked = WebServer.start(
                new WebSettings("127.0.0.1", 0, Optional.of(KEY), Set.of("review.example.org"), SMALL), routes);
    }

    @AfterAll
    void stop() {
        open.close();
        locked.close();
    }

    @Test
    void answersCarryTheHeadersThatKeepAPageSafe() throws Exception {
        HttpResponse<String> answer = get(open, "ready");
        assertEquals(200, answer.statusCode());
        assertEquals("{\"status\":\"ok\"}", answer.body());
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertTrue(header(answer, "Content-Security-Policy").startsWith("default-src 'self'"));
        assertEquals("same-origin", header(answer, "Cross-Origin-Resource-Policy"));
        assertEquals("", header(answer, "Server"));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-99, 206, 0, 100",
        "bytes=99990-, 206, 99990, 10",
        "bytes=-7, 206, 99993, 7",
        "bytes=-200000, 206, 0, 100000",
        "bytes=50000-999999999, 206, 50000, 50000",
        "bytes=0-0, 206, 0, 1",
        "bytes=9-3, 200, 0, 100000",
        "lines=1-2, 200, 0, 100000",
        "'bytes=0-1,5-6', 200, 0, 100000",
        "bytes=-, 200, 0, 100000",
        "bytes=100000-, 416, 0, 0",
        "bytes=-0, 416, 0, 0",
        "bytes=999999999999999999-, 416, 0, 0",
    })
    void aFileIsSentInRanges(String range, int status, int first, int length) throws Exception {
        HttpResponse<byte[]> answer = client.send(
                request(open, "videos/a.mp4").header("Range", range).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(status, answer.statusCode());
        assertEquals("bytes", answer.headers().firstValue("Accept-Ranges").orElse(""));
        if (status == 416) {
            assertEquals(
                    "bytes */100000",
                    answer.headers().firstValue("Content-Range").orElse(""));
            return;
        }
        assertArrayEquals(Arrays.copyOfRange(content, first, first + length), answer.body());
        assertEquals(
                status == 206 ? "bytes " + first + "-" + (first + length - 1) + "/100000" : "",
                answer.headers().firstValue("Content-Range").orElse(""));
        assertEquals("video/mp4", answer.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void aRangeOfAChangedFileIsTheWholeFile() throws Exception {
        HttpResponse<byte[]> answer = client.send(
                request(open, "videos/a.mp4")
                        .header("Range", "bytes=0-9")
                        .header("If-Range", "\"other\"")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode());
        assertEquals(content.length, answer.body().length);
    }

    @Test
    void errorsAreJsonAndKeepTheProgramsInsidesToThemselves() throws Exception {
        HttpResponse<String> bug = get(open, "bug");
        assertEquals(500, bug.statusCode());
        assertFalse(bug.body().contains("secret") || bug.body().contains("at org."), bug.body());
        HttpResponse<String> input = get(open, "input");
        assertEquals(400, input.statusCode());
        JsonNode error = Json.parse(input.body(), "body").path("error");
        assertEquals(
                "the sentence is empty; say what happens", error.path("message").asText());
        assertEquals("invalid_request_error", error.path("type").asText());
        assertError(404, "no_such_route", get(open, "nothing"));
        assertError(404, "no_such_file", get(open, "videos/none.mp4"));
        assertError(405, "no_such_route", get(open, "echo"));
        assertError(400, "invalid_value", post(open, "echo", "{\"a\":1", "application/json"));
        assertError(400, "invalid_json", post(open, "echo", "[1]", "application/json"));
        assertError(415, "unsupported_media_type", post(open, "echo", "{}", "text/plain"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.org", "127.0.0.1.evil.org", "localhost.evil.org", "10.0.0.1", "[::2]"})
    void namesOfOthersAreNotAnswered(String host) throws Exception {
        assertTrue(
                raw(open, "GET /ready HTTP/1.1\r\nHost: " + host + ":" + open.port() + "\r\nConnection: close\r\n\r\n")
                        .startsWith("HTTP/1.1 403"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80", "127.1.2.3"})
    void namesOfThisMachineAreAnswered(String host) throws Exception {
        assertTrue(raw(open, "GET /ready HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    @Test
    void strangeHeadersAreRefused() throws Exception {
        String host = "Host: 127.0.0.1:" + open.port() + "\r\n";
        for (String request : List.of(
                "GET /ready HTTP/1.1\r\n\r\n",
                "GET /ready HTTP/1.1\r\nHost: \r\n\r\n",
                "GET /ready HTTP/1.1\r\n" + host + "Host: evil.example.org\r\n\r\n",
                "GET http://evil.example.org/ready HTTP/1.1\r\n" + host + "\r\n",
                "GET /ready HTTP/1.1\r\nHost: a@127.0.0.1\r\n\r\n",
                "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
                "GET /ready HTTP/1.1\r\n" + host + "X: " + "y".repeat(20_000) + "\r\n\r\n",
                "GET /videos/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + host + "\r\n",
                "GET /videos/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + host + "\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\n" + host + "\r\n")) {
            String answer = raw(open, request);
            assertTrue(
                    answer.matches("(?s)HTTP/1.1 4(00|03|04|31).*"),
                    request.lines().findFirst() + " -> " + answer);
            assertFalse(answer.contains("org.eclipse") || answer.contains("<html"), answer);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example.org, 403",
        "null, 403",
        "http://127.0.0.1:1, 403",
        "https://review.example.org, 200",
        "https://review.example.org:8443, 403",
    })
    void pagesOfOtherOriginsMayNotAsk(String origin, int status) throws Exception {
        HttpResponse<String> answer = client.send(
                request(locked, "ready").header("Origin", origin).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(status, answer.statusCode());
    }

    @Test
    void thePageOfTheServerMayAsk() throws Exception {
        HttpResponse<String> answer = client.send(
                request(open, "ready")
                        .header("Origin", "http://127.0.0.1:" + open.port())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        HttpResponse<String> image = client.send(
                request(open, "ready").header("Sec-Fetch-Site", "cross-site").build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(403, image.statusCode(), "a picture in a page of another site");
    }

    @Test
    void aKeyIsAskedForWhereOneIsSet() throws Exception {
        assertEquals(200, get(locked, "ready").statusCode(), "open to all");
        assertError(401, "invalid_api_key", get(locked, "input"));
        for (String header : List.of("Bearer ", "Bearer wrong", "Basic " + KEY, KEY, "Bearer " + KEY + "x")) {
            HttpResponse<String> answer = client.send(
                    request(locked, "input").header("Authorization", header).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertError(401, "invalid_api_key", answer);
        }
        HttpResponse<String> answer = client.send(
                request(locked, "input")
                        .header("Authorization", "bearer " + KEY)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(400, answer.statusCode(), "the handler's own answer");
    }

    @Test
    void aBrowserTradesTheKeyForACookie() throws Exception {
        assertError(401, "invalid_api_key", get(locked, "input?key=wrong"));
        HttpResponse<String> answer = get(locked, "input?key=" + KEY);
        assertEquals(303, answer.statusCode());
        assertEquals("/input", header(answer, "Location"));
        String cookie = header(answer, "Set-Cookie");
        assertTrue(cookie.endsWith("; Path=/; HttpOnly; SameSite=Strict"), cookie);
        assertFalse(cookie.contains(KEY), cookie);
        HttpResponse<String> next = client.send(
                request(locked, "input")
                        .header("Cookie", cookie.replaceFirst(";.*", ""))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(400, next.statusCode(), "the handler's own answer");
    }

    @Test
    void otherMachinesNeedAKey() {
        InputException refused = assertThrows(
                InputException.class, () -> new WebSettings("0.0.0.0", 0, Optional.empty(), Set.of(), SMALL));
        assertTrue(refused.getMessage().contains("give a key"), refused.getMessage());
        assertThrows(
                InputException.class,
                () -> new WebSettings("127.0.0.1", 0, Optional.empty(), Set.of("review.example.org"), SMALL));
        assertThrows(InputException.class, () -> WebSettings.loopback(0).withKey("short"));
        assertThrows(InputException.class, () -> WebServer.start(WebSettings.loopback(open.port()), List.of()));
    }

    @Test
    void giantBodiesAreRefused() throws Exception {
        assertError(
                413, "body_too_long", post(open, "echo", "{\"a\":\"" + "x".repeat(2000) + "\"}", "application/json"));
        String claimed = raw(
                open,
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 999999999999\r\n\r\n{");
        assertTrue(claimed.startsWith("HTTP/1.1 413"), claimed);
        StringBuilder chunks = new StringBuilder("POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 20; i++) {
            chunks.append("64\r\n").append("x".repeat(100)).append("\r\n");
        }
        assertTrue(raw(open, chunks.toString()).startsWith("HTTP/1.1 413"));
        assertEquals(
                "{\"bytes\":5000}",
                post(open, "upload", "x".repeat(5000), "video/mp4").body());
        assertError(413, "body_too_long", post(open, "upload", "x".repeat(5001), "video/mp4"));
    }

    @Test
    void bodiesInMemoryAreLimitedTogetherAndGivenBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        List<Route> routes =
                List.of(Route.post("/echo", request -> WebAnswer.json(request.json())), Route.work("/work", request -> {
                    begun.countDown();
                    end.await();
                    return WebAnswer.json(request.json());
                }));
        WebSettings.Limits limits =
                new WebSettings.Limits(1000, Duration.ofSeconds(5), 1000, Duration.ofSeconds(20), 2);
        String body = "{\"a\":\"" + "x".repeat(800) + "\"}";
        try (WebServer server = WebServer.start(WebSettings.loopback(0).withLimits(limits), routes)) {
            for (int i = 0; i < 3; i++) {
                String chunks = ("64\r\n" + "x".repeat(100) + "\r\n").repeat(11);
                String answer = raw(
                        server,
                        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
                assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
            }
            CompletableFuture<HttpResponse<String>> atWork = client.sendAsync(
                    request(server, "work")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertTrue(begun.await(10, TimeUnit.SECONDS), "a refused body is still held");
            assertError(503, "overloaded", post(server, "echo", body, "application/json"));
            end.countDown();
            assertEquals(body, atWork.get(10, TimeUnit.SECONDS).body());
            assertEquals(body, post(server, "echo", body, "application/json").body());
        } finally {
            end.countDown();
        }
    }

    @Test
    void aSlowBodyIsRefusedAndDisturbsNobody() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), open.port())) {
            socket.getOutputStream()
                    .write(("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 900\r\n\r\n{\"a\":")
                            .getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> text(socket));
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!answer.isDone() && System.nanoTime() < until) {
                Thread.sleep(50);
                assertEquals(200, get(open, "ready").statusCode());
                try {
                    socket.getOutputStream().write(' ');
                } catch (IOException e) {
                    // The server has closed the connection.
                    break;
                }
            }
            assertTrue(answer.get(1, TimeUnit.SECONDS).startsWith("HTTP/1.1 408"), answer.get());
        }
    }

    @Test
    void moreWorkThanAllowedIsPutOffAndLateAnswersAreGivenUp() throws Exception {
        gate = new CountDownLatch(1);
        try {
            List<CompletableFuture<HttpResponse<String>>> asked = List.of(ask(), ask());
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (open.inWork() < 2 && System.nanoTime() < until) {
                Thread.sleep(5);
            }
            HttpResponse<String> third = ask().get();
            assertError(503, "overloaded", third);
            assertEquals("1", header(third, "Retry-After"));
            assertEquals(200, get(open, "ready").statusCode());
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertError(504, "timeout", one.get());
            }
        } finally {
            gate.countDown();
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (open.inWork() > 0 && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertEquals("{\"done\":true}", ask().get().body());
    }

    @Test
    void eventsAreSentAsTheyCome() throws Exception {
        gate = new CountDownLatch(1);
        HttpResponse<InputStream> answer = client.send(
                request(open, "events")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertEquals("text/event-stream;charset=utf-8", header(answer, "Content-Type"));
        try (InputStream in = answer.body()) {
            assertEquals("data: one\n\n", new String(in.readNBytes(11), StandardCharsets.UTF_8));
            gate.countDown();
            assertEquals("data: two\n\ndata: [DONE]\n\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        String broken = post(open, "events?broken", "", "text/plain").body();
        assertTrue(broken.contains("internal_error") && !broken.contains("secret"), broken);
    }

    @Test
    void endlessEventsEndWithTheTimeOrTheClient() throws Exception {
        long started = System.nanoTime();
        String answer = post(open, "events?endless", "", "text/plain").body();
        assertTrue(answer.startsWith("data: one\n\ndata: 0\n\n"), "an endless answer begins");
        assertTrue(System.nanoTime() - started < TimeUnit.SECONDS.toNanos(5));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), open.port())) {
            socket.getOutputStream()
                    .write("POST /events?endless HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes(100);
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (open.inWork() > 0 && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertEquals(0, open.inWork());
    }

    private CompletableFuture<HttpResponse<String>> ask() {
        return client.sendAsync(
                request(open, "work").POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertError(int status, String code, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                code,
                Json.parse(answer.body(), "body").path("error").path("code").asText());
        assertEquals(
                "application/json;charset=utf-8", header(answer, "Content-Type").replace(" ", ""));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static HttpRequest.Builder request(WebServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    private HttpResponse<String> get(WebServer server, String path) throws Exception {
        return client.send(request(server, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(WebServer server, String path, String body, String type) throws Exception {
        return client.send(
                request(server, path)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(WebServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(2000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return text(socket);
        }
    }

    /** What the server says until it closes the connection or falls silent. */
    private static String text(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            socket.setSoTimeout(socket.getSoTimeout() == 0 ? 10_000 : 300);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                text.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // Silence, or a reset after the answer.
        }
        return text.toString();
    }
}
