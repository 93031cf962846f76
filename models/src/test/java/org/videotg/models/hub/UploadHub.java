package org.videotg.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.Json;

/**
 * A hub on loopback to which repositories can be pushed, and from which Python's huggingface_hub and datasets load them.
 * Files of {@link #LARGE} bytes and more, and safetensors, go by Git LFS to a second server; those of two chunks and
 * more in parts.
 */
public final class UploadHub implements AutoCloseable {
    static final int LARGE = 100_000;
    static final int CHUNK = 1 << 20;
    private static final Pattern REPOSITORY =
            Pattern.compile("/(api/)?(?:(models|datasets)/)?([\\w.-]+/[\\w.-]+?)(\\.git)?/(.*)");

    /** @param authorization the header, or null */
    record Request(String server, String method, String path, String authorization) {}

    final List<Request> requests = new CopyOnWriteArrayList<>();
    /** Contents by {@code models/OWNER/NAME} or {@code datasets/OWNER/NAME}, and by path. */
    final Map<String, Map<String, byte[]>> repositories = new ConcurrentHashMap<>();
    /** Large files by SHA-256, and parts by SHA-256 and number. */
    final Map<String, byte[]> stored = new ConcurrentHashMap<>();

    final Map<String, Boolean> hidden = new ConcurrentHashMap<>();
    private final HttpServer hub;
    private final HttpServer store;
    /** An answer to give instead: its status, or 0. */
    volatile Function<Request, Integer> fault = request -> 0;

    public UploadHub() {
        hub = start("hub");
        store = start("store");
    }

    /** Starts a hub, prints its address, and runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        try (UploadHub hub = new UploadHub()) {
            System.out.println(hub.endpoint());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    public URI endpoint() {
        return uri(hub);
    }

    private static URI uri(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private HttpServer start(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/", exchange -> {
                try (exchange) {
                    Request request = new Request(
                            name,
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestHeaders().getFirst("Authorization"));
                    requests.add(request);
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    int instead = fault.apply(request);
                    if (instead > 0) {
                        send(exchange, instead, "{\"error\": \"as asked\"}".getBytes(StandardCharsets.UTF_8));
                    } else if (name.equals("hub")) {
                        answer(exchange, request.path(), body);
                    } else {
                        keep(exchange, request.path(), body);
                    }
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(HttpExchange exchange, String path, byte[] body) throws IOException {
        String key = path.substring(1);
        if (exchange.getRequestMethod().equals("PUT")) {
            stored.put(key, body);
            exchange.getResponseHeaders()
                    .set("ETag", "\"" + FakeHub.digest("SHA-256", body).substring(0, 8) + "\"");
        } else if (exchange.getRequestMethod().equals("POST")) {
            JsonNode whole = Json.parse(new String(body, StandardCharsets.UTF_8), "completion");
            byte[] all = new byte[0];
            for (JsonNode part : whole.path("parts")) {
                byte[] bytes = stored.remove(key + "-" + part.path("partNumber").asInt());
                if (!part.path("etag")
                        .asText()
                        .contains(FakeHub.digest("SHA-256", bytes).substring(0, 8))) {
                    throw new IllegalStateException("part " + part);
                }
                int from = all.length;
                all = Arrays.copyOf(all, from + bytes.length);
                System.arraycopy(bytes, 0, all, from, bytes.length);
            }
            stored.put(key, all);
        }
        send(exchange, 200, exchange.getRequestMethod().equals("GET") ? stored.get(key) : new byte[0]);
    }

    private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        if (path.equals("/api/repos/create")) {
            JsonNode asked = Json.parse(text, path);
            String key = asked.path("type").asText() + "s/"
                    + asked.path("organization").asText() + "/"
                    + asked.path("name").asText();
            boolean there = repositories.putIfAbsent(key, new TreeMap<>()) != null;
            hidden.putIfAbsent(key, asked.path("private").asBoolean());
            json(exchange, there ? 409 : 200, Json.MAPPER.createObjectNode().put("url", key));
            return;
        }
        Matcher matcher = REPOSITORY.matcher(path.endsWith("/") ? path : path + "/");
        Map<String, byte[]> files = matcher.matches()
                ? repositories.get(Optional.ofNullable(matcher.group(2)).orElse("models") + "/" + matcher.group(3))
                : null;
        if (files == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            send(exchange, 404, new byte[0]);
            return;
        }
        String rest = matcher.group(5).replaceFirst("/$", "");
        if (exchange.getRequestMethod().equals("POST")) {
            post(exchange, files, rest, text);
        } else if (rest.startsWith("resolve/")) {
            resolve(exchange, files, rest.replaceFirst("resolve/[^/]+/", ""));
        } else if (rest.startsWith("tree/")) {
            String folder = rest.replaceFirst("tree/[^/]+/?", "");
            ArrayNode list = Json.MAPPER.createArrayNode();
            files.forEach((name, bytes) -> {
                if (folder.isEmpty() || name.startsWith(folder + "/")) {
                    list.add(entry(name, bytes));
                }
            });
            json(exchange, 200, list);
        } else {
            ObjectNode about =
                    Json.MAPPER.createObjectNode().put("id", matcher.group(3)).put("sha", FakeHub.COMMIT);
            about.put("private", false).put("downloads", 0).put("likes", 0).putArray("tags");
            ArrayNode siblings = about.putArray("siblings");
            files.keySet().forEach(name -> siblings.addObject().put("rfilename", name));
            json(exchange, 200, about);
        }
    }

    private static ObjectNode entry(String name, byte[] bytes) {
        return Json.MAPPER
                .createObjectNode()
                .put("type", "file")
                .put("path", name)
                .put("size", bytes.length)
                .put("oid", FakeHub.gitSha1(bytes));
    }

    private void post(HttpExchange exchange, Map<String, byte[]> files, String rest, String text) throws IOException {
        if (rest.startsWith("preupload/")) {
            ObjectNode answer = Json.MAPPER.createObjectNode();
            ArrayNode list = answer.putArray("files");
            for (JsonNode file : Json.parse(text, rest).path("files")) {
                String path = file.path("path").asText();
                boolean large =
                        path.endsWith(".safetensors") || file.path("size").asLong() >= LARGE;
                list.addObject()
                        .put("path", path)
                        .put("uploadMode", large ? "lfs" : "regular")
                        .put("shouldIgnore", false);
            }
            json(exchange, 200, answer);
        } else if (rest.equals("info/lfs/objects/batch")) {
            json(exchange, 200, batch(Json.parse(text, rest)));
        } else if (rest.startsWith("commit/")) {
            commit(files, text);
            json(exchange, 200, Json.MAPPER.createObjectNode().put("commitOid", FakeHub.COMMIT));
        } else if (rest.startsWith("paths-info/")) {
            ArrayNode list = Json.MAPPER.createArrayNode();
            files.forEach((name, bytes) -> {
                if (text.contains("\"" + name + "\"") || text.contains(name.replace("/", "%2F"))) {
                    list.add(entry(name, bytes));
                }
            });
            json(exchange, 200, list);
        } else {
            send(exchange, 200, new byte[0]);
        }
    }

    private ObjectNode batch(JsonNode asked) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("transfer", "basic");
        ArrayNode objects = answer.putArray("objects");
        for (JsonNode object : asked.path("objects")) {
            String hash = object.path("oid").asText();
            long size = object.path("size").asLong();
            ObjectNode one = objects.addObject().put("oid", hash).put("size", size);
            if (stored.containsKey(hash)) {
                continue;
            }
            ObjectNode upload = one.putObject("actions").putObject("upload").put("href", uri(store) + "/" + hash);
            ObjectNode header = upload.putObject("header");
            if (size >= 2 * CHUNK) {
                header.put("chunk_size", String.valueOf(CHUNK));
                for (int part = 1; (part - 1) * (long) CHUNK < size; part++) {
                    header.put(String.format("%05d", part), uri(store) + "/" + hash + "-" + part);
                }
            }
        }
        return answer;
    }

    private void commit(Map<String, byte[]> files, String text) {
        for (String line : text.lines().toList()) {
            JsonNode row = Json.parse(line, "commit");
            JsonNode value = row.path("value");
            switch (row.path("key").asText()) {
                case "file" ->
                    files.put(
                            value.path("path").asText(),
                            Base64.getDecoder().decode(value.path("content").asText()));
                case "lfsFile" -> {
                    byte[] bytes = stored.get(value.path("oid").asText());
                    if (!FakeHub.digest("SHA-256", bytes)
                            .equals(value.path("oid").asText())) {
                        throw new IllegalStateException("another hash: " + value);
                    }
                    files.put(value.path("path").asText(), bytes);
                }
                default -> {
                    continue;
                }
            }
        }
    }

    private static void resolve(HttpExchange exchange, Map<String, byte[]> files, String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            send(exchange, 404, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"" + FakeHub.gitSha1(bytes) + "\"");
        exchange.getResponseHeaders().set("X-Repo-Commit", FakeHub.COMMIT);
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && range.matches("bytes=\\d+-\\d*")) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int to = ends[1].isEmpty() ? bytes.length : Math.min(bytes.length, Integer.parseInt(ends[1]) + 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
            send(exchange, 206, Arrays.copyOfRange(bytes, from, to));
        } else {
            send(exchange, 200, bytes);
        }
    }

    private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, Json.line(body).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
    }
}
