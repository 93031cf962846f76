package org.videotg.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.Json;
import org.videotg.video.Mp4Writer;
import org.videotg.web.WebException;
import org.videotg.web.WebSettings;

/** What strangers may try. After each attack the server answers as before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksTest {
    private static final String SECRET = "root:x:0:0";
    private static final WebSettings.Limits LIMITS =
            new WebSettings.Limits(400_000, Duration.ofMillis(500), 800_000, Duration.ofSeconds(30), 3);
    private static final WebSettings.Limits HURRIED =
            new WebSettings.Limits(400_000, Duration.ofMillis(500), 800_000, Duration.ofMillis(700), 3);

    @TempDir
    static Path folder;

    private final List<String> fetched = Collections.synchronizedList(new ArrayList<>());
    private HttpServer elsewhere;
    private Served served;
    /** Has little time for a request. */
    private Served hurried;

    private Path root;
    private Path video;
    private String reply;

    @BeforeAll
    void start() throws IOException {
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Path source = Served.video(folder.resolve("source.mp4"), 4);
        elsewhere.createContext("/", exchange -> {
            fetched.add(exchange.getRequestURI().getPath());
            switch (exchange.getRequestURI().getPath()) {
                case "/clip.mp4" -> {
                    exchange.sendResponseHeaders(200, Files.size(source));
                    Files.copy(source, exchange.getResponseBody());
                }
                case "/away" -> {
                    exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/secret");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/endless" -> {
                    exchange.sendResponseHeaders(200, 10_000_000);
                    exchange.getResponseBody().write(new byte[1_000_000]);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        elsewhere.start();
        Set<String> hosts = Set.of("127.0.0.1:" + elsewhere.getAddress().getPort());
        served = Served.start(folder, LIMITS, 60_000, hosts);
        hurried = Served.start(folder, HURRIED, 60_000, hosts);
        root = folder.resolve("root");
        video = Served.video(root.resolve("square.mp4"), 4);
        Files.writeString(folder.resolve("outside.mp4"), SECRET);
        Files.createSymbolicLink(root.resolve("link.mp4"), folder.resolve("source.mp4"));
        Files.createSymbolicLink(root.resolve("linked"), folder);
        reply = good();
    }

    @AfterAll
    void stop() {
        served.close();
        hurried.close();
        elsewhere.stop(0);
    }

    @AfterEach
    void theServerAnswersAsBefore() {
        assertEquals(reply, good());
    }

    private String good() {
        ObjectNode request = Served.chat("Query: it moves\n", "square.mp4", "When? Answer: start to end");
        return served.good(
                        "v1/chat/completions",
                        request.put("temperature", 1).put("seed", 4).put("max_tokens", 12))
                .path("choices")
                .toString();
    }

    private HttpResponse<String> ask(String address) {
        return served.post("v1/chat/completions", Json.line(Served.chat("", address, "when?")));
    }

    private static void assertRefused(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertFalse(answer.body().contains(SECRET), answer.body());
        assertFalse(answer.body().contains(folder.toString()), "no path of the server: " + answer.body());
        assertNotNull(Json.parse(answer.body(), "answer")
                .path("error")
                .path("message")
                .textValue());
    }

    /** Attacks 1 to 6: the server fetches what it should not (SSRF). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/secret",
                "http://169.254.169.254/latest/meta-data/",
                "http://127.0.0.1:ELSEWHERE@169.254.169.254/",
                "http://localhost:ELSEWHERE/clip.mp4",
                "http://2130706433:ELSEWHERE/clip.mp4",
                "http://[::ffff:127.0.0.1]:ELSEWHERE/clip.mp4",
                "http://127.0.0.1:ELSEWHERE/away",
                "http://127.0.0.1:ELSEWHERE/missing",
                "http:///clip.mp4",
                "http://127.0.0.1:ELSEWHERE/clip.mp4 HTTP/1.1\r\nX: y",
                "ftp://127.0.0.1/clip.mp4",
                "gopher://127.0.0.1/clip.mp4",
                "concat:/etc/passwd|/etc/group",
                "subfile:,,start,0,end,9,,:/etc/passwd",
                "pipe:0",
                "jar:file:/etc/passwd!/",
                "unix:/var/run/docker.sock",
            })
    void nothingIsFetchedFromElsewhere(String address) {
        String port = String.valueOf(elsewhere.getAddress().getPort());
        assertRefused(400, ask(address.replace("ELSEWHERE", port)));
        assertFalse(fetched.contains("/secret"));
    }

    @Test
    void anAllowedHostIsAskedAndNotWithoutEnd() {
        String host = "http://127.0.0.1:" + elsewhere.getAddress().getPort();
        assertEquals(200, ask(host + "/clip.mp4?token=1").statusCode());
        assertRefused(413, ask(host + "/endless"));
        // It does not speak TLS, and keeps a client waiting for it.
        String secure = host.replace("http", "https") + "/clip.mp4";
        assertRefused(504, hurried.post("v1/chat/completions", Json.line(Served.chat("", secure, "when?"))));
    }

    /** Attack 7: an allowed name that leads into the private network. */
    @Test
    void aNameOfThePrivateNetworkIsRefusedBeforeItIsAsked() throws IOException {
        int port = elsewhere.getAddress().getPort();
        Fetcher strict = new Fetcher(Set.of("localhost:" + port), false, Duration.ofSeconds(1));
        int before = fetched.size();
        assertThrows(WebException.class, () -> strict.open("http://localhost:" + port + "/clip.mp4"));
        assertEquals(before, fetched.size());
        for (String address : List.of(
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "172.20.0.1",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001::1",
                "::ffff:10.0.0.1",
                "ff02::1")) {
            assertFalse(Fetcher.isPublic(InetAddress.getAllByName(address)[0]), address);
        }
        for (String address : List.of("1.1.1.1", "93.184.216.34", "2606:4700::1111", "172.32.0.1", "100.128.0.1")) {
            assertTrue(Fetcher.isPublic(InetAddress.getAllByName(address)[0]), address);
        }
    }

    /** Attacks 8 and 9: a page of another origin asks, under its own name (DNS rebinding) or as itself. */
    @Test
    void pagesOfOthersDoNotAsk() throws IOException {
        String body = "{\"video\":\"square.mp4\",\"query\":\"x\"}";
        String request = "POST /v1/ground HTTP/1.1\r\nHost: evil.example.org:" + served.serving.port()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n"
                + body;
        assertTrue(raw(request).startsWith("HTTP/1.1 403"));
        HttpResponse<String> foreign = Served.send(served.request("v1/ground")
                .header("Origin", "http://evil.example.org")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertEquals(403, foreign.statusCode());
        // A form can be sent without asking first, but not as JSON.
        HttpResponse<String> form = Served.send(served.request("v1/ground")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertEquals(415, form.statusCode());
    }

    /** Attacks 10 to 13: paths out of the root, plainly, encoded, through links and with control characters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside.mp4",
                "x/../../outside.mp4",
                "./../root/../outside.mp4",
                "file:///etc/passwd",
                "file:///%2e%2e/%2e%2e/etc/passwd",
                "file://ROOT/%2e%2e/outside.mp4",
                "file://ROOT/../outside.mp4",
                "link.mp4",
                "linked/outside.mp4",
                "linked/source.mp4",
                "",
                ".",
                "square.mp4/",
                "square.mp4\u0000.png",
                "~/secret.mp4",
                "/proc/self/environ",
                "\\\\server\\share\\clip.mp4",
            })
    void noPathLeadsOutOfTheRoot(String address) {
        String named = address.replace("ROOT", root.toAbsolutePath().toString());
        HttpResponse<String> answer = ask(named);
        if (named.equals("square.mp4/")) {
            assertEquals(200, answer.statusCode(), "the file itself");
            return;
        }
        assertRefused(404, answer);
    }

    @Test
    void aFileOfAnotherHostIsNoFile() {
        assertRefused(400, ask("file://server/share/clip.mp4"));
    }

    /** Attacks 14 and 15: files that name other files. */
    @Test
    void playlistsAndScriptsAreNoVideos() throws IOException {
        String secret = folder.resolve("source.mp4").toAbsolutePath().toString();
        for (String content : List.of(
                "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://" + secret + "\n#EXT-X-ENDLIST\n",
                "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:"
                        + elsewhere.getAddress().getPort() + "/secret\n",
                "ffconcat version 1.0\nfile '" + secret + "'\n",
                "[playlist]\nFile1=" + secret + "\n",
                "<?xml version=\"1.0\"?><MPD><Period><BaseURL>file://" + secret + "</BaseURL></Period></MPD>",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n")) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            assertRefused(
                    400, ask("data:video/mp4;base64," + Base64.getEncoder().encodeToString(bytes)));
            Files.write(root.resolve("list.mp4"), bytes);
            assertRefused(400, ask("list.mp4"));
            Files.write(root.resolve("list.m3u8"), bytes);
            assertRefused(400, ask("list.m3u8"));
        }
        assertFalse(fetched.contains("/secret"));
    }

    /** Attacks 16 and 17: bodies and videos without end. */
    @Test
    void giantBodiesAndVideosAreRefused() {
        assertRefused(413, ask("data:video/mp4;base64," + "A".repeat(500_000)));
        HttpResponse<String> upload = Served.send(
                served.request("v1/videos?name=a.mp4").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300_000])));
        assertRefused(413, upload);
        HttpResponse<String> chunked = Served.send(served.request("v1/videos?name=a.mp4")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[300_000]))));
        assertRefused(413, chunked);
        assertTrue(served.serving.storedBytes() <= Served.LIMITS.folderBytes());
    }

    /** Attack 18: bodies that never end arriving. */
    @Test
    void slowBodiesDisturbNobody() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.serving.port());
                sockets.add(socket);
                write(
                        socket,
                        "POST /v1/ground HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 1000\r\n\r\n{");
            }
            assertEquals(reply, good());
            Thread.sleep(600);
            for (Socket socket : sockets) {
                write(socket, " ");
            }
            Thread.sleep(100);
            socket(sockets.get(0));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static void socket(Socket socket) throws IOException {
        socket.setSoTimeout(2000);
        String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertEquals("HTTP/1.1 408", answer);
    }

    /** Attack 19: replies without end. A temperature of 100 draws nearly all tokens alike, and seldom the last one. */
    @Test
    void endlessRepliesEnd() {
        ObjectNode request = Served.chat("", "square.mp4", "tell").put("temperature", 100);
        JsonNode bounded = served.good("v1/chat/completions", request.put("max_tokens", 100));
        assertTrue(bounded.path("usage").path("completion_tokens").asInt() <= 100);
        assertRefused(
                400,
                served.post(
                        "v1/chat/completions", Json.line(request.put("n", 128).put("max_tokens", 900))));
        long started = System.nanoTime();
        request.put("n", 64);
        assertRefused(504, hurried.post("v1/chat/completions", Json.line(request)));
        assertTrue(System.nanoTime() - started < TimeUnit.SECONDS.toNanos(8));
        String broken = hurried.post("v1/chat/completions", Json.line(request.put("stream", true)))
                .body();
        assertFalse(broken.contains("[DONE]"), "a stream that was broken off does not look complete");
    }

    /** Attack 20: requests that two programs would read differently, and names with line ends. */
    @Test
    void headerTricksAreRefused() throws IOException {
        String head = "POST /v1/videos?name=a.mp4 HTTP/1.1\r\nHost: localhost\r\n";
        for (String request : List.of(
                head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                head + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
                head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                head + "Content-Length : 4\r\n\r\nabcd",
                head + "X-A: b\r\n folded: c\r\nContent-Length: 4\r\n\r\nabcd",
                "POST /v1/videos?name=..%2f..%2fx.mp4 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd",
                "POST /v1/videos?name=a%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd",
                "POST /v1/videos?name=.hidden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd",
                "GET /v1/videos/..%2f..%2f/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/videos/" + "0".repeat(64) + "/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            String answer = raw(request);
            assertTrue(answer.matches("(?s)HTTP/1.1 40\\d .*"), request + " -> " + answer);
            assertFalse(answer.contains("Set-Cookie"), answer);
        }
    }

    /** Attack 21: JSON that is deep, wide, doubled or no text. */
    @Test
    void strangeJsonIsRefused() {
        for (String json : List.of(
                "",
                "null",
                "[]",
                "{",
                "{\"a\":" + "[".repeat(5000),
                "{\"n\":1,\"n\":2}",
                "{\"n\":1e999999999}",
                "{\"seed\":" + "9".repeat(5000) + "}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[null]}]}",
                "{\"messages\":{}}{}",
                "{\"video\":\"\\u0064ata:0\",\"messages\":[]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"video_url\",\"video_url\":{\"url\":"
                        + "\"\\u0064ata:7\"}}]}]}")) {
            assertRefused(400, served.post("v1/chat/completions", json));
        }
        HttpResponse<String> latin = Served.send(served.request("v1/ground")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xe4, '"', ':', '1', '}'})));
        assertRefused(400, latin);
    }

    /** Attack 22: videos that are damaged, no videos, or larger than allowed. */
    @Test
    void damagedAndOversizedVideosAreRefused() throws IOException {
        assertRefused(400, ask("data:video/mp4;base64,AAAA"));
        assertRefused(400, ask("data:video/mp4;base64,%%%%"));
        assertRefused(400, ask("data:text/html;base64,AAAA"));
        assertRefused(400, ask("data:video/mp4,AAAA"));
        byte[] bytes = Files.readAllBytes(video);
        for (int i = 0; i < 40; i++) {
            bytes[i * 37 % bytes.length] ^= 0x55;
        }
        assertRefused(400, ask("data:video/mp4;base64," + Base64.getEncoder().encodeToString(bytes)));
        Path large = root.resolve("large.mp4");
        Mp4Writer.write(
                large,
                400,
                300,
                4,
                IntStream.range(0, 4).mapToObj(i -> new byte[400 * 300 * 3]).iterator(),
                Mp4Writer.CRISP);
        assertRefused(400, ask("large.mp4"));
        assertRefused(
                400,
                ask(Served.video(root.resolve("long.mp4"), 61).getFileName().toString()));
    }

    /** Attack 23: more requests than can be answered. */
    @Test
    void aFloodIsPutOff() {
        String request = Json.line(
                Served.chat("", "square.mp4", "tell").put("temperature", 100).put("max_tokens", 400));
        List<HttpResponse<String>> answers = IntStream.range(0, 30)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> served.post("v1/chat/completions", request)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        for (HttpResponse<String> answer : answers) {
            assertTrue(Set.of(200, 503, 504).contains(answer.statusCode()), answer.body());
            if (answer.statusCode() == 503) {
                assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
            }
        }
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.serving.port())) {
            socket.setSoTimeout(300);
            write(socket, request);
            StringBuilder text = new StringBuilder();
            try {
                byte[] buffer = new byte[4096];
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    text.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // Silence after the answer.
            }
            return text.toString();
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
