package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.app.doctor.Installation;

class ServeCommandTest {
    private static final String KEY = "a-key-of-the-test";

    @TempDir
    static Path folder;

    @Test
    void servesUntilItIsStoppedAndLeavesNothing() throws Exception {
        Path key = Files.writeString(folder.resolve("key.txt"), KEY + "\n");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        Thread command =
                new Thread(() -> VideoTg.run("serve", "--port", "0", "--key-file", key.toString(), "--name", "mine"));
        try {
            command.start();
            Matcher said = Pattern.compile("serving mine at (\\S+);").matcher("");
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!said.reset(printed.toString(StandardCharsets.UTF_8)).find() && System.nanoTime() < until) {
                Thread.sleep(20);
            }
            URI models = URI.create(said.group(1) + "v1/models");
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest.Builder request = HttpRequest.newBuilder(models);
            assertEquals(
                    401,
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode());
            request.header("Authorization", "Bearer " + KEY);
            String answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertTrue(answer.contains("\"id\":\"mine\""), answer);
        } finally {
            command.interrupt();
            command.join(TimeUnit.SECONDS.toMillis(30));
            System.setOut(out);
        }
        try (Stream<Path> left = Files.list(Installation.current().cache())) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith(".serve."))
                            .toList());
        }
    }

    @Test
    void whatIsUnsafeOrMissingIsRefused() throws IOException {
        Path weak = Files.writeString(folder.resolve("weak.txt"), "secret");
        Path empty = Files.writeString(folder.resolve("empty.txt"), " ");
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("--host", "0.0.0.0", "give a key"),
                List.of("--public-name", "example.org", "give a key"),
                List.of("--key-file", weak, "at least 16"),
                List.of("--key-file", empty, "is empty"),
                List.of("--port", "70000", "does not exist"),
                List.of("--timeout", "0", "--timeout"))) {
            Cli run = Cli.run("serve", wrong.get(0), wrong.get(1), "--model", "no-such-folder/model");
            assertEquals(1, run.code());
            assertTrue(run.err().contains(String.valueOf(wrong.get(2))), run.err());
        }
    }
}
