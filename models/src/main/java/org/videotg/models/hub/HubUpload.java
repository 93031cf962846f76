package org.videotg.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.hub.HubClient.HubUnavailable;

/**
 * Sends files to a repository on a hub in one commit: small ones within the commit, large ones by Git LFS before it, as
 * huggingface_hub's {@code create_commit} does. A file that the hub has already is not sent again, so that an
 * interrupted upload goes on where it stopped.
 */
public final class HubUpload {
    private static final Logger LOG = LoggerFactory.getLogger(HubUpload.class);
    private static final String JSON = "application/json";
    private static final String LFS = "application/vnd.git-lfs+json";
    private static final int ASKED_AT_ONCE = 256;

    private final HubSettings settings;
    private final RetryPolicy retries;
    private final HubClient client;

    /** @param notes receives lines about waits */
    public HubUpload(HubSettings settings, RetryPolicy retries, Consumer<String> notes) {
        this.settings = settings;
        this.retries = retries;
        this.client = new HubClient(settings, retries, notes);
    }

    /** Sends to the hub that the environment names. */
    public static HubUpload current() {
        return new HubUpload(HubSettings.current(), RetryPolicy.DEFAULT, LOG::info);
    }

    /**
     * Makes the repository unless it is there, and commits the files to the name's revision, which must be a branch.
     * Other files of the repository stay.
     *
     * @return address of the repository's page
     * @throws InputException in one line that says what to do
     */
    public URI push(HubName name, boolean hidden, List<UploadFile> files, String message) {
        if (settings.offline()) {
            throw new InputException("HF_HUB_OFFLINE is set; unset it to push");
        }
        if (settings.token().isEmpty()) {
            throw new InputException(
                    "no token to push with; set HF_TOKEN to one that may write to " + name.repository());
        }
        create(name, hidden);
        List<UploadFile> small = new ArrayList<>();
        List<UploadFile> large = new ArrayList<>();
        divide(name, files, small, large);
        Map<String, UploadFile> hashes = new LinkedHashMap<>();
        large.forEach(file -> hashes.put(file.sha256(), file));
        if (!hashes.isEmpty()) {
            sendLarge(name, hashes);
        }
        commit(name, message, small, hashes);
        return client.address("/" + name.pagePath());
    }

    private void create(HubName name, boolean hidden) {
        String[] parts = name.repository().split("/");
        ObjectNode body = Json.MAPPER
                .createObjectNode()
                .put("organization", parts[0])
                .put("name", parts[1])
                .put("type", name.kind().word())
                .put("private", hidden);
        // 409: it is there.
        post(name, client.address("/api/repos/create"), JSON, Json.line(body), 409);
    }

    private void divide(HubName name, List<UploadFile> files, List<UploadFile> small, List<UploadFile> large) {
        URI uri = client.address("/" + name.apiPath() + "/preupload/" + HubClient.quoted(name.revision()));
        for (int from = 0; from < files.size(); from += ASKED_AT_ONCE) {
            List<UploadFile> some = files.subList(from, Math.min(files.size(), from + ASKED_AT_ONCE));
            ArrayNode list = Json.MAPPER.createArrayNode();
            some.forEach(file -> list.addObject()
                    .put("path", file.path())
                    .put("sample", Base64.getEncoder().encodeToString(file.sample()))
                    .put("size", file.size()));
            ObjectNode body = Json.MAPPER.createObjectNode().set("files", list);
            Map<String, JsonNode> answers = new LinkedHashMap<>();
            post(name, uri, JSON, Json.line(body))
                    .path("files")
                    .forEach(answer -> answers.put(answer.path("path").asText(), answer));
            for (UploadFile file : some) {
                JsonNode answer = answers.get(file.path());
                if (answer == null) {
                    throw new InputException(
                            name + ": the hub does not say how to send " + file.path() + "; check HF_ENDPOINT");
                }
                if (answer.path("shouldIgnore").asBoolean()) {
                    LOG.warn("{}: {} is ignored by the repository's .gitignore", name, file.path());
                } else {
                    // Object stores refuse empty files.
                    boolean byLfs = answer.path("uploadMode").asText().equals("lfs") && file.size() > 0;
                    (byLfs ? large : small).add(file);
                }
            }
        }
    }

    private void sendLarge(HubName name, Map<String, UploadFile> files) {
        ObjectNode body =
                Json.MAPPER.createObjectNode().put("operation", "upload").put("hash_algo", "sha256");
        body.putArray("transfers").add("basic").add("multipart");
        body.putObject("ref").put("name", name.revision());
        ArrayNode objects = body.putArray("objects");
        files.forEach((hash, file) -> objects.addObject().put("oid", hash).put("size", file.size()));
        URI batch = client.address("/" + name.pagePath() + ".git/info/lfs/objects/batch");
        for (JsonNode object : post(name, batch, LFS, Json.line(body)).path("objects")) {
            UploadFile file = files.get(object.path("oid").asText());
            if (file == null || object.has("error")) {
                throw new InputException(name + ": the hub does not take "
                        + (file == null ? object.path("oid") : file.path()) + ": "
                        + object.path("error").path("message").asText("no such object"));
            }
            JsonNode upload = object.path("actions").path("upload");
            if (upload.isMissingNode()) {
                LOG.info("{}: {} is there already", name, file.path());
                continue;
            }
            LOG.info("{}: sending {} ({} MiB)", name, file.path(), file.size() >> 20);
            send(name, file, object.path("oid").asText(), upload);
            JsonNode verify = object.path("actions").path("verify");
            if (verify.hasNonNull("href")) {
                ObjectNode sent = Json.MAPPER
                        .createObjectNode()
                        .put("oid", object.path("oid").asText())
                        .put("size", file.size());
                post(name, URI.create(verify.path("href").asText()), LFS, Json.line(sent));
            }
        }
    }

    private void send(HubName name, UploadFile file, String hash, JsonNode upload) {
        Map<String, String> headers = new LinkedHashMap<>();
        // Addresses of the parts, by their numbers.
        Map<Integer, URI> parts = new TreeMap<>();
        upload.path("header").properties().forEach(header -> {
            if (header.getKey().matches("\\d{1,9}")) {
                parts.put(
                        Integer.parseInt(header.getKey()),
                        URI.create(header.getValue().asText()));
            } else if (!header.getKey().equals("chunk_size")) {
                headers.put(header.getKey(), header.getValue().asText());
            }
        });
        URI target = URI.create(upload.path("href").asText());
        long chunk = upload.path("header").path("chunk_size").asLong();
        if (chunk <= 0) {
            put(name, file, target, headers, 0, file.size());
            return;
        }
        ArrayNode done = Json.MAPPER.createArrayNode();
        parts.forEach((number, part) -> {
            long from = (number - 1) * chunk;
            String etag = put(name, file, part, Map.of(), from, Math.min(chunk, file.size() - from))
                    .headers()
                    .firstValue("ETag")
                    .orElse("");
            done.addObject().put("partNumber", number).put("etag", etag);
        });
        post(
                name,
                target,
                LFS,
                Json.line(Json.MAPPER.createObjectNode().put("oid", hash).set("parts", done)));
    }

    private HttpResponse<String> put(
            HubName name, UploadFile file, URI target, Map<String, String> headers, long from, long length) {
        BodyPublisher body = BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> {
                    try {
                        return part(file, from, length);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                length);
        return checked(name, "PUT", target, headers, body);
    }

    private static InputStream part(UploadFile file, long from, long length) throws IOException {
        InputStream in = file.open();
        in.skipNBytes(from);
        return new BoundedStream(in, length);
    }

    private void commit(HubName name, String message, List<UploadFile> small, Map<String, UploadFile> large) {
        StringBuilder lines = new StringBuilder();
        ObjectNode header =
                Json.MAPPER.createObjectNode().put("summary", message).put("description", "");
        line(lines, "header", header);
        small.forEach(file -> line(
                lines,
                "file",
                Json.MAPPER
                        .createObjectNode()
                        .put("content", Base64.getEncoder().encodeToString(file.bytes()))
                        .put("path", file.path())
                        .put("encoding", "base64")));
        large.forEach((hash, file) -> line(
                lines,
                "lfsFile",
                Json.MAPPER
                        .createObjectNode()
                        .put("path", file.path())
                        .put("algo", "sha256")
                        .put("oid", hash)
                        .put("size", file.size())));
        URI uri = client.address("/" + name.apiPath() + "/commit/" + HubClient.quoted(name.revision()));
        post(name, uri, "application/x-ndjson", lines.toString());
    }

    private static void line(StringBuilder lines, String key, JsonNode value) {
        lines.append(Json.line(Json.MAPPER.createObjectNode().put("key", key).set("value", value)))
                .append('\n');
    }

    private JsonNode post(HubName name, URI uri, String type, String body, Integer... alsoGood) {
        Map<String, String> headers = Map.of("Content-Type", type, "Accept", type.equals(LFS) ? LFS : JSON);
        HttpResponse<String> response =
                checked(name, "POST", uri, headers, BodyPublishers.ofString(body, StandardCharsets.UTF_8), alsoGood);
        return response.body().startsWith("{")
                ? Json.parse(response.body(), uri.toString())
                : Json.MAPPER.createObjectNode();
    }

    private HttpResponse<String> checked(
            HubName name,
            String method,
            URI uri,
            Map<String, String> headers,
            BodyPublisher body,
            Integer... alsoGood) {
        HubErrors answers = new HubErrors(settings, name);
        try {
            return client.retrying(
                    answers,
                    uri.getPath(),
                    retries,
                    () -> attempt(answers, method, uri, headers, body, List.of(alsoGood)));
        } catch (HubUnavailable e) {
            throw new InputException(
                    name + ": " + uri.getHost() + " does not take " + uri.getPath() + " ("
                            + (e.getCause() instanceof IOException cause ? HubErrors.reason(cause) : e.getMessage())
                            + "); push again later, large files that arrived are not sent again",
                    e);
        }
    }

    private HttpResponse<String> attempt(
            HubErrors answers,
            String method,
            URI uri,
            Map<String, String> headers,
            BodyPublisher body,
            List<Integer> alsoGood)
            throws IOException {
        HubName name = answers.name();
        HttpResponse<String> response = client.write(method, uri, headers, body);
        int status = response.statusCode();
        if (status / 100 == 2 || alsoGood.contains(status)) {
            return response;
        }
        if (status == 401 || status == 403) {
            throw new InputException(name + ": the token may not write there (" + status + reason(response)
                    + "); set HF_TOKEN to a token that may write to " + name.repository());
        }
        if (status / 100 == 4 && status != 408 && status != 425 && status != 429) {
            throw new InputException(name + ": " + uri.getHost() + " refuses " + uri.getPath() + " (" + status
                    + reason(response) + "); nothing was committed");
        }
        answers.check(response, uri.getPath());
        return response;
    }

    /** What the hub says about a refusal, in one line. */
    private static String reason(HttpResponse<String> response) {
        String text = response.body().startsWith("{")
                ? Json.parse(response.body(), "answer").path("error").asText("")
                : "";
        String line = text.lines().findFirst().orElse("");
        return line.isBlank() ? "" : ": " + line.substring(0, Math.min(200, line.length()));
    }
}
