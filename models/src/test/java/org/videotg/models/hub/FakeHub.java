package org.videotg.models.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;

/**
 * A hub on loopback with one model and one data set. Safetensors are large files: they have a SHA-256 and lie on a second server, to
 * which the first one redirects. A {@link Fault} decides what goes wrong.
 */
final class FakeHub implements AutoCloseable {
    static final String NAME = "maker/small-model";
    static final String DATASET = "maker/moments";
    static final String WEIGHTS = "model-00002-of-00002.safetensors";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** Decides over an answer before it is given; the number of requests for the same path comes with it, from 1. */
    interface Fault {
        Fault NONE = (request, count) -> null;

        /** What to do instead of answering, or null. */
        Behaviour on(Request request, int count);
    }

    /** What is done instead of a right answer. */
    interface Behaviour {
        void apply(HttpExchange exchange, byte[] body) throws IOException;

        /** An answer without a body; headers are names and values in turn. */
        static Behaviour status(int code, String... headers) {
            return (exchange, body) -> {
                for (int i = 0; i < headers.length; i += 2) {
                    exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
                }
                exchange.sendResponseHeaders(code, -1);
            };
        }

        /**
         * Announces everything and closes the connection after some bytes, once a file under the cache has them all: a
         * client may drop what it has not read yet when it meets the cut.
         */
        static Behaviour cutAfter(int bytes, Path cache) {
            return (exchange, body) -> {
                String range = exchange.getResponseHeaders().getFirst("Content-Range");
                exchange.sendResponseHeaders(range == null ? 200 : 206, body.length);
                int sent = Math.min(bytes, body.length - 1);
                OutputStream out = exchange.getResponseBody();
                out.write(body, 0, sent);
                out.flush();
                long from = range == null ? 0 : Long.parseLong(range.substring("bytes ".length(), range.indexOf('-')));
                await(cache, from + sent);
            };
        }

        private static void await(Path cache, long size) {
            File blobs = cache.resolve("models--" + NAME.replace("/", "--"))
                    .resolve("blobs")
                    .toFile();
            for (int i = 0; i < 6000; i++) {
                File[] arrived =
                        blobs.listFiles(file -> file.getName().endsWith(".incomplete") && file.length() == size);
                if (arrived != null && arrived.length > 0) {
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    /** @param range the header, or null */
    record Request(String server, String method, String path, String range, String authorization) {}

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new TreeMap<>();
    private final HttpServer hub;
    private final HttpServer store;
    volatile Fault fault = Fault.NONE;

    FakeHub() {
        fill();
        hub = start(this::answer);
        store = start(this::storeAnswer);
    }

    /** Two shards with what belongs to them, and files that nobody needs. */
    private void fill() {
        for (String file : List.of(
                "config.json",
                "tokenizer.json",
                "generation_config.json",
                "chat_template.jinja",
                "README.md",
                "pytorch_model.bin",
                "training_args.bin",
                "pytorch_model.bin.index.json",
                "onnx/model.onnx",
                "data/train.jsonl")) {
            files.put(file, ("{\"file\": \"" + file + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        files.put(
                "model.safetensors.index.json",
                ("{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"," + " \"b\": \"" + WEIGHTS + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
        Random random = Draw.generator(3, "weights");
        for (String file : List.of("model-00001-of-00002.safetensors", WEIGHTS)) {
            byte[] bytes = new byte[300_000];
            random.nextBytes(bytes);
            files.put(file, bytes);
        }
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private static HttpServer start(Answer answer) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "fake hub");
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/", exchange -> {
                try (exchange) {
                    answer.to(exchange);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI uri(HttpServer server) {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort());
    }

    URI endpoint() {
        return uri(hub);
    }

    long count(String method, String end) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().endsWith(end))
                .count();
    }

    private Optional<Behaviour> fault(String server, HttpExchange exchange) {
        Request request = new Request(
                server,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(request);
        int count = (int) requests.stream()
                .filter(other -> other.server().equals(server)
                        && other.method().equals(request.method())
                        && other.path().equals(request.path()))
                .count();
        return Optional.ofNullable(fault.on(request, count));
    }

    private void answer(HttpExchange exchange) throws IOException {
        Optional<Behaviour> fault = fault("hub", exchange);
        String path = exchange.getRequestURI().getPath();
        String resolve = "/" + NAME + "/resolve/" + COMMIT + "/";
        if (path.startsWith("/api/datasets/" + DATASET + "/") || path.startsWith("/datasets/" + DATASET + "/")) {
            path = path.replace(
                    "/datasets/" + DATASET + "/", path.startsWith("/api") ? "/models/" + NAME + "/" : "/" + NAME + "/");
        }
        if (path.equals("/api/models/" + NAME + "/revision/main")
                || path.equals("/api/models/" + NAME + "/revision/" + COMMIT)) {
            body(
                    exchange,
                    fault,
                    Json.line(Map.of(
                                    "sha",
                                    COMMIT,
                                    "siblings",
                                    files.keySet().stream()
                                            .map(name -> Map.of("rfilename", name))
                                            .toList()))
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        byte[] content = path.startsWith(resolve) ? files.get(path.substring(resolve.length())) : null;
        if (content == null) {
            boolean model = path.contains(NAME);
            exchange.getResponseHeaders()
                    .add(
                            "X-Error-Code",
                            !model ? "RepoNotFound" : path.startsWith("/api") ? "RevisionNotFound" : "EntryNotFound");
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
        if (!path.endsWith(".safetensors")) {
            exchange.getResponseHeaders().add("ETag", "W/\"" + gitSha1(content) + "\"");
            body(exchange, fault, content);
            return;
        }
        if (fault.isPresent()) {
            fault.get().apply(exchange, content);
            return;
        }
        exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + digest("SHA-256", content) + "\"");
        exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(content.length));
        exchange.getResponseHeaders().add("Location", uri(store) + "/blob/" + path.substring(resolve.length()));
        exchange.sendResponseHeaders(302, -1);
    }

    private void storeAnswer(HttpExchange exchange) throws IOException {
        body(
                exchange,
                fault("store", exchange),
                files.get(exchange.getRequestURI().getPath().substring("/blob/".length())));
    }

    private static void body(HttpExchange exchange, Optional<Behaviour> fault, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        byte[] part = content;
        if (range != null) {
            int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            part = Arrays.copyOfRange(content, from, content.length);
        }
        if (fault.isPresent()) {
            fault.get().apply(exchange, part);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(part.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(range == null ? 200 : 206, part.length == 0 ? -1 : part.length);
            exchange.getResponseBody().write(part);
        }
    }

    static String gitSha1(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return digest("SHA-1", all);
    }

    static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
    }
}
