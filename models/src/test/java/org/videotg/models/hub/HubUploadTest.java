package org.videotg.models.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;
import org.videotg.models.hub.HubName.Kind;

class HubUploadTest {
    private static final HubName MODEL = HubName.of("maker/new-model");
    private static final String TOKEN = "hf_secret";

    @TempDir
    Path folder;

    private final UploadHub hub = new UploadHub();
    private final List<String> notes = new ArrayList<>();

    @AfterEach
    void stop() {
        hub.close();
    }

    private HubUpload upload(Optional<String> token, boolean offline) {
        return new HubUpload(
                new HubSettings(hub.endpoint(), folder, token, offline, true),
                new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(50), Duration.ofMillis(400)),
                notes::add);
    }

    private HubUpload upload() {
        return upload(Optional.of(TOKEN), false);
    }

    private List<UploadFile> files() throws IOException {
        byte[] small = new byte[1000];
        byte[] large = new byte[3 * UploadHub.CHUNK + 17];
        Draw.generator(1, "small").nextBytes(small);
        Draw.generator(1, "large").nextBytes(large);
        return List.of(
                UploadFile.of("README.md", "# A model\n"),
                UploadFile.of("config.json", "{}"),
                UploadFile.of("empty.json", ""),
                UploadFile.of("a.safetensors", Files.write(folder.resolve("a"), small)),
                UploadFile.of("deep/b.safetensors", Files.write(folder.resolve("b"), large)));
    }

    @Test
    void everyFileArrivesSmallOnesInTheCommitAndLargeOnesBeforeIt() throws IOException {
        List<UploadFile> files = files();
        assertEquals(
                hub.endpoint() + "/maker/new-model",
                upload().push(MODEL, true, files, "push").toString());
        Map<String, byte[]> got = hub.repositories.get("models/maker/new-model");
        assertEquals(5, got.size());
        for (UploadFile file : files) {
            assertArrayEquals(file.bytes(), got.get(file.path()), file.path());
        }
        assertEquals(2, hub.stored.size());
        assertTrue(hub.hidden.get("models/maker/new-model"));
        for (UploadHub.Request request : hub.requests) {
            if (request.server().equals("hub")) {
                assertEquals("Bearer " + TOKEN, request.authorization(), request.path());
            } else {
                assertNull(request.authorization(), "the token must stay with the hub");
            }
        }
        long stored =
                hub.requests.stream().filter(r -> r.method().equals("PUT")).count();
        assertEquals(5, stored, "one whole file and four parts");
        upload().push(MODEL, true, files, "again");
        assertEquals(
                stored,
                hub.requests.stream().filter(r -> r.method().equals("PUT")).count());
    }

    @Test
    void aDataSetIsAnotherKindOfRepository() {
        HubName name = new HubName(Kind.DATASET, "maker/moments", "main");
        assertEquals(
                hub.endpoint() + "/datasets/maker/moments",
                upload().push(name, false, List.of(UploadFile.of("data/train.jsonl", "{}\n")), "push")
                        .toString());
        assertEquals(1, hub.repositories.get("datasets/maker/moments").size());
    }

    @Test
    void brokenAnswersAreAskedAgain() throws IOException {
        AtomicInteger faults = new AtomicInteger();
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        hub.fault = request -> {
            boolean first = seen.merge(request.method() + request.path(), 1, Integer::sum) == 1;
            faults.addAndGet(first ? 1 : 0);
            return first ? 503 : 0;
        };
        upload().push(MODEL, false, files(), "push");
        assertEquals(5, hub.repositories.get("models/maker/new-model").size());
        assertTrue(faults.get() >= 8, faults + " faults");
    }

    @Test
    void refusalsSayWhatToDoAndNeverTheToken() {
        List<UploadFile> files = List.of(UploadFile.of("README.md", "x"));
        hub.fault = request -> request.path().contains("preupload") ? 403 : 0;
        String message = refusal(upload(), files);
        assertTrue(message.contains("HF_TOKEN to a token that may write") && message.contains("as asked"), message);
        hub.fault = request -> request.path().contains("commit") ? 412 : 0;
        assertTrue(refusal(upload(), files).contains("nothing was committed"));
        hub.fault = request -> 500;
        assertTrue(refusal(upload(), files).contains("push again later"));
        assertTrue(refusal(upload(Optional.empty(), false), files).contains("no token"));
        assertTrue(refusal(upload(Optional.of(TOKEN), true), files).contains("HF_HUB_OFFLINE"));
        assertThrows(InputException.class, () -> UploadFile.of("../README.md", "x"));
    }

    private String refusal(HubUpload upload, List<UploadFile> files) {
        String message = assertThrows(InputException.class, () -> upload.push(MODEL, false, files, "push"))
                .getMessage();
        assertTrue(!message.contains(TOKEN), message);
        return message;
    }
}
