package org.videotg.models.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;
import org.videotg.models.hub.FakeHub.Behaviour;

class HubModelsTest {
    private static final RetryPolicy HASTY =
            new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMillis(400));
    private static final HubName NAME = HubName.of(FakeHub.NAME);
    private static final String WEIGHTS = FakeHub.WEIGHTS;

    @TempDir
    Path cache;

    private final FakeHub hub = new FakeHub();
    private final List<String> notes = new ArrayList<>();

    @AfterEach
    void stop() {
        hub.close();
    }

    private HubModels models(boolean offline, boolean links, String token) {
        return new HubModels(
                new HubSettings(hub.endpoint(), cache, Optional.ofNullable(token), offline, links), HASTY, notes::add);
    }

    private HubModels models() {
        return models(false, true, null);
    }

    private String refusal(HubModels models, HubName name) {
        String message =
                assertThrows(InputException.class, () -> models.resolve(name)).getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private void assertWhole(Path snapshot) throws IOException {
        List<String> expected = List.of(
                "chat_template.jinja",
                "config.json",
                "generation_config.json",
                "model-00001-of-00002.safetensors",
                WEIGHTS,
                "model.safetensors.index.json",
                "tokenizer.json");
        try (Stream<Path> files = Files.list(snapshot)) {
            assertEquals(
                    expected,
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        for (String file : expected) {
            assertArrayEquals(hub.files.get(file), Files.readAllBytes(snapshot.resolve(file)), file);
        }
        try (Stream<Path> blobs = Files.list(cache.resolve("models--maker--small-model/blobs"))) {
            assertEquals(
                    List.of(),
                    blobs.filter(blob -> blob.toString().endsWith("incomplete")).toList());
        }
    }

    @Test
    void theCacheHasTheLayoutThatPythonShares() throws IOException {
        Path snapshot = models(false, true, "secret").resolve(NAME);
        Path repository = cache.resolve("models--maker--small-model");
        assertEquals(repository.resolve("snapshots").resolve(FakeHub.COMMIT), snapshot);
        assertWhole(snapshot);
        assertEquals(FakeHub.COMMIT, Files.readString(repository.resolve("refs/main")));
        String sha256 = FakeHub.digest("SHA-256", hub.files.get(WEIGHTS));
        assertEquals(Path.of("../../blobs", sha256), Files.readSymbolicLink(snapshot.resolve(WEIGHTS)));
        assertEquals(
                Path.of("../../blobs", FakeHub.gitSha1(hub.files.get("config.json"))),
                Files.readSymbolicLink(snapshot.resolve("config.json")));
        hub.requests.forEach(request -> {
            if (request.server().equals("hub")) {
                assertEquals("Bearer secret", request.authorization());
            } else {
                assertNull(request.authorization(), "the token goes to no other server");
            }
        });
        assertTrue(hub.requests.stream().anyMatch(request -> request.server().equals("store")));
        assertEquals(0, hub.count("GET", ".bin"));
        long asked = hub.requests.size();
        assertEquals(snapshot, models().resolve(NAME));
        assertEquals(asked + 1, hub.requests.size(), "only the commit is asked for again");
        assertEquals(snapshot, models().resolve(HubName.of(FakeHub.NAME + "@" + FakeHub.COMMIT)));
        assertEquals(snapshot, models(true, true, null).resolve(NAME));
        assertEquals(asked + 1, hub.requests.size(), "a commit and an offline cache need no question");
    }

    /** What a power failure leaves of blobs that another program has downloaded. */
    @ParameterizedTest
    @ValueSource(strings = {WEIGHTS, "config.json", "tokenizer.json"})
    void aDamagedFileOfTheCacheIsDownloadedAgain(String file) throws IOException {
        Path snapshot = models().resolve(NAME);
        Path blob = snapshot.resolve(file).toRealPath();
        byte[] flipped = Files.readAllBytes(blob);
        flipped[flipped.length / 2] ^= 1;
        for (byte[] damage : List.of(new byte[0], flipped)) {
            Files.write(blob, damage);
            assertTrue(refusal(models(true, true, null), NAME).contains("incomplete"));
            models().resolve(NAME);
            assertWhole(snapshot);
            assertTrue(notes.get(notes.size() - 1).contains(file + " is damaged"), notes.toString());
        }
    }

    @Test
    void withoutLinksFilesAreCopied() throws IOException {
        Path snapshot = models(false, false, null).resolve(NAME);
        assertWhole(snapshot);
        assertFalse(Files.isSymbolicLink(snapshot.resolve(WEIGHTS)));
        assertEquals(snapshot, models(true, false, null).resolve(NAME));
    }

    @Test
    void cutConnectionsGoOnWhereTheyWereCut() throws IOException {
        hub.fault = (request, count) -> request.server().equals("store")
                        && request.method().equals("GET")
                        && request.path().endsWith(WEIGHTS)
                        && count <= 3
                ? Behaviour.cutAfter(70_000, cache)
                : null;
        assertWhole(models().resolve(NAME));
        List<String> ranges = hub.requests.stream()
                .filter(request ->
                        request.server().equals("store") && request.path().endsWith(WEIGHTS))
                .map(FakeHub.Request::range)
                .toList();
        assertEquals(4, ranges.size());
        assertNull(ranges.get(0));
        assertTrue(
                ranges.subList(1, 4).stream().allMatch(range -> range != null && !range.equals("bytes=0-")),
                ranges.toString());
        assertTrue(notes.get(0).contains(WEIGHTS) && notes.get(0).contains("next try"), notes.toString());
    }

    @Test
    void aLaterProcessGoesOnWithWhatAnEarlierOneLeft() throws IOException {
        hub.fault = (request, count) ->
                !request.server().equals("store") || !request.path().endsWith(WEIGHTS)
                        ? null
                        : count == 1 ? Behaviour.cutAfter(123_456, cache) : Behaviour.status(503);
        String message = refusal(models(), NAME);
        assertTrue(message.contains("503") && message.contains("try again"), message);
        assertFalse(
                Files.exists(cache.resolve("models--maker--small-model/refs/main")), "what is not whole has no name");
        hub.fault = FakeHub.Fault.NONE;
        hub.requests.clear();
        assertWhole(models().resolve(NAME));
        assertEquals(
                "bytes=123456-",
                hub.requests.stream()
                        .filter(request -> request.server().equals("store"))
                        .findFirst()
                        .orElseThrow()
                        .range());
    }

    @Test
    void aServerThatKnowsNoRangesStartsAgain() throws IOException {
        hub.fault = (request, count) -> !request.server().equals("store")
                        || !request.path().endsWith(WEIGHTS)
                ? null
                : count == 1
                        ? Behaviour.cutAfter(50_000, cache)
                        : count == 2
                                ? Behaviour.status(416)
                                : count == 3
                                        ? Behaviour.cutAfter(60_000, cache)
                                        : (exchange, body) -> {
                                            byte[] all = hub.files.get(WEIGHTS);
                                            exchange.getResponseHeaders().remove("Content-Range");
                                            exchange.sendResponseHeaders(200, all.length);
                                            exchange.getResponseBody().write(all);
                                        };
        assertWhole(models().resolve(NAME));
    }

    @Test
    @Timeout(120)
    void aServerThatFallsSilentIsAskedAgain() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        hub.fault = (request, count) -> request.server().equals("store") && count == 1
                ? (exchange, body) -> {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body, 0, 10_000);
                    exchange.getResponseBody().flush();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                : null;
        assertWhole(models().resolve(NAME));
        end.countDown();
    }

    @Test
    void tooManyRequestsAreWaitedFor() throws IOException {
        hub.fault = (request, count) -> count == 1
                        && (request.path().startsWith("/api") || request.path().endsWith("config.json"))
                ? Behaviour.status(
                        429, "Retry-After", request.path().startsWith("/api") ? "1" : "Wed, 21 Oct 2015 07:28:00 GMT")
                : null;
        assertWhole(models().resolve(NAME));
        assertTrue(notes.get(0).contains("429") && notes.get(0).contains("too many requests"), notes.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", WEIGHTS})
    void aWrongChecksumIsFetchedAgainAndThenRefused(String file) throws IOException {
        Behaviour wrong = (exchange, body) -> {
            byte[] damaged = body.clone();
            damaged[damaged.length / 2] ^= 1;
            exchange.sendResponseHeaders(200, damaged.length);
            exchange.getResponseBody().write(damaged);
        };
        String server = file.equals(WEIGHTS) ? "store" : "hub";
        hub.fault = (request, count) -> request.server().equals(server)
                        && request.method().equals("GET")
                        && request.path().endsWith(file)
                ? wrong
                : null;
        String message = refusal(models(), NAME);
        assertTrue(message.contains(file) && message.contains("checksum"), message);
        assertFalse(Files.exists(cache.resolve("models--maker--small-model/snapshots")
                .resolve(FakeHub.COMMIT)
                .resolve(file)));
        hub.fault = (request, count) -> request.server().equals(server)
                        && request.method().equals("GET")
                        && request.path().endsWith(file)
                        && count == 3
                ? wrong
                : null;
        assertWhole(models().resolve(NAME));
    }

    @ParameterizedTest
    @CsvSource({
        "401,,set HF_TOKEN if",
        "403,GatedRepo,accept the model's terms",
        "404,RepoNotFound,neither a folder",
        "404,RevisionNotFound,no revision \"main\"",
        "418,,unexpected answer 418",
        "500,,answers 500"
    })
    void everyRefusalSaysWhatToDo(int status, String code, String expected) {
        hub.fault = (request, count) ->
                code == null ? Behaviour.status(status) : Behaviour.status(status, "X-Error-Code", code);
        String message = refusal(models(), NAME);
        assertTrue(message.contains(expected) && message.contains(FakeHub.NAME), message);
    }

    @Test
    void theTokenIsNeverShown() {
        hub.fault = (request, count) -> Behaviour.status(401);
        String message = refusal(models(false, true, "secret"), NAME);
        assertTrue(message.contains("token is not valid") && !message.contains("secret"), message);
        assertFalse(new HubSettings(hub.endpoint(), cache, Optional.of("secret"), false, true)
                .toString()
                .contains("secret"));
    }

    @Test
    void anUnreachableHubLeavesTheCachedCopy() throws IOException {
        Path snapshot = models().resolve(NAME);
        hub.close();
        assertEquals(snapshot, models().resolve(NAME));
        assertTrue(notes.get(notes.size() - 1).contains("going on with the copy"), notes.toString());
        Files.delete(snapshot.resolve(WEIGHTS));
        assertTrue(refusal(models(true, true, null), NAME).contains("incomplete"));
        assertTrue(refusal(models(), NAME).contains("no folder here"));
        assertTrue(refusal(models(true, true, null), HubName.of("other/model")).contains("HF_HUB_OFFLINE"));
    }

    @Test
    void aModelOfPicklesOnlyIsRefusedBeforeTheyAreFetched() {
        hub.files.keySet().removeIf(file -> file.contains("safetensors"));
        String message = refusal(models(), NAME);
        assertTrue(message.contains("pickle"), message);
        assertEquals(0, hub.count("GET", ".bin"));
    }

    @Test
    void whatAServerSaysDoesNotLeadOutOfTheCache() {
        hub.files.put("..%2F..%2Fescape.json", new byte[3]);
        hub.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"../../x.safetensors\"}}".getBytes(StandardCharsets.UTF_8));
        assertTrue(refusal(models(), NAME).contains("../../x.safetensors"));
        hub.fault = (request, count) -> request.method().equals("HEAD")
                ? Behaviour.status(200, "ETag", "\"../../../x\"", "Content-Length", "3")
                : null;
        hub.files.put("new.json", new byte[3]);
        assertTrue(refusal(models(), NAME).contains("can't be used"));
    }

    @Test
    void manyThreadsMayEndAtTheSameMoment() throws IOException {
        Path snapshot = models().resolve(NAME);
        Path ref = cache.resolve("models--maker--small-model/refs/main");
        for (int round = 0; round < 20; round++) {
            Files.delete(ref);
            IntStream.range(0, 8).parallel().forEach(i -> assertEquals(snapshot, models().resolve(NAME)));
            assertEquals(FakeHub.COMMIT, Files.readString(ref));
        }
    }

    @Test
    void twoProcessesDownloadTheSameModelAtOnce() throws Exception {
        hub.fault = (request, count) ->
                request.server().equals("store") && count <= 2 ? Behaviour.cutAfter(100_000, cache) : null;
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Resolve.class.getName(),
                            hub.endpoint().toString(),
                            cache.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        for (Process process : processes) {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
            assertEquals(0, process.exitValue(), said);
        }
        assertWhole(cache.resolve("models--maker--small-model/snapshots").resolve(FakeHub.COMMIT));
        assertEquals(
                1,
                hub.requests.stream()
                        .filter(request -> request.server().equals("store")
                                && request.range() == null
                                && request.path().endsWith(WEIGHTS))
                        .count(),
                "the second process waited for the first");
    }

    /** A process that downloads the model of a fake hub. */
    static final class Resolve {
        private Resolve() {}

        public static void main(String[] arguments) {
            HubSettings settings =
                    new HubSettings(URI.create(arguments[0]), Path.of(arguments[1]), Optional.empty(), false, true);
            System.out.println(new HubModels(settings, HASTY, System.out::println).resolve(NAME));
        }
    }
}
