package org.videotg.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.videotg.core.io.Http;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.hub.BlobDownload.StallGuardStream;

/** HTTP requests to a hub. Redirects are followed here, so that the token is never sent to another host. */
final class HubClient {
    private static final String LARGE_ETAG = "X-Linked-Etag";
    private static final int MOST_REDIRECTS = 10;
    private static final int LARGEST_LISTING = 64 << 20;
    private static final Duration HEADERS = Duration.ofSeconds(30);

    private final HubSettings settings;
    private final RetryPolicy retries;
    private final Consumer<String> notes;
    private final HttpClient http;

    HubClient(HubSettings settings, RetryPolicy retries, Consumer<String> notes) {
        this.settings = settings;
        this.retries = retries;
        this.notes = notes;
        this.http = Http.client();
    }

    /**
     * A revision on the hub.
     *
     * @param files names of the files that are in no folder
     */
    record Revision(String commit, List<String> files) {}

    /** @param retries of this request */
    Revision revision(HubName name, RetryPolicy retries) {
        HubErrors answers = new HubErrors(settings, name);
        URI uri = address("/" + name.apiPath() + "/revision/" + quoted(name.revision()));
        return retrying(answers, "its list of files", retries, () -> {
            HttpResponse<InputStream> response = follow("GET", uri, 0, false);
            try (InputStream body = new StallGuardStream(response.body(), retries)) {
                answers.check(response, "its list of files");
                JsonNode root = Json.parse(
                        new String(body.readNBytes(LARGEST_LISTING), StandardCharsets.UTF_8), uri.toString());
                String commit = root.path("sha").asText();
                if (!HubName.isCommit(commit)) {
                    throw new InputException(uri + " names no commit; check HF_ENDPOINT");
                }
                List<String> files = new ArrayList<>();
                root.path("siblings")
                        .forEach(file -> files.add(file.path("rfilename").asText()));
                return new Revision(
                        commit, files.stream().filter(HubFile::isSafe).toList());
            }
        });
    }

    /** Requests size and etag of a file. */
    HubFile file(HubName name, String commit, String file) {
        HubErrors answers = new HubErrors(settings, name);
        return retrying(answers, file, retries, () -> {
            HttpResponse<InputStream> response = follow("HEAD", uri(name, commit, file), 0, true);
            response.body().close();
            if (response.statusCode() / 100 != 3) {
                answers.check(response, file);
            }
            String etag = header(response, LARGE_ETAG)
                    .or(() -> header(response, "ETag"))
                    .orElse("")
                    .replaceFirst("^W/", "")
                    .replace("\"", "");
            long size = header(response, "X-Linked-Size")
                    .or(() -> header(response, "Content-Length"))
                    .filter(text -> text.matches("\\d{1,18}"))
                    .map(Long::parseLong)
                    .orElse(-1L);
            return new HubFile(file, etag, size);
        });
    }

    /**
     * Requests the bytes of a file from {@code from} on.
     *
     * @return the response with status 200 (whole), 206 (part) or 416 (nothing there); the caller closes its body
     */
    HttpResponse<InputStream> bytes(HubName name, String commit, String file, long from) throws IOException {
        HttpResponse<InputStream> response = follow("GET", uri(name, commit, file), from, false);
        if (response.statusCode() != 416) {
            try {
                new HubErrors(settings, name).check(response, file);
            } catch (RuntimeException | HubErrors.RetryableResponse e) {
                response.body().close();
                throw e;
            }
        }
        return response;
    }

    /** A request that may be retried. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** Retries after broken connections and retryable responses. */
    <T> T retrying(HubErrors answers, String what, RetryPolicy retries, Attempt<T> attempt) {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                pause(answers, what, retries, failures, e);
            }
        }
    }

    /** Waits before the next attempt, or gives up. */
    void pause(HubErrors answers, String what, RetryPolicy retries, int failures, IOException e) {
        if (failures >= retries.attempts()) {
            throw answers.unavailable(what, e);
        }
        Duration wait = e instanceof HubErrors.RetryableResponse later
                ? later.wait(retries, failures)
                : retries.waitAfter(failures);
        notes.accept(what + ": " + HubErrors.reason(e) + "; next try in " + Math.max(1, wait.toSeconds()) + " s");
        RetryPolicy.sleep(wait);
    }

    /** The address of a path on the hub. */
    URI address(String path) {
        return URI.create(settings.endpoint() + path);
    }

    /**
     * Sends a body. The token goes to the hub only; where large files are stored, the address holds what allows it.
     * Redirects are not followed.
     */
    HttpResponse<String> write(String method, URI uri, Map<String, String> headers, HttpRequest.BodyPublisher body)
            throws IOException {
        if (settings.endpoint().getScheme().equals("https") && !"https".equals(uri.getScheme())) {
            throw new InputException(uri.getHost() + " is not encrypted, so nothing is sent there; check HF_ENDPOINT");
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("User-Agent", "videotg").method(method, body);
        headers.forEach(request::header);
        if (isEndpoint(uri)) {
            settings.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubUnavailable("the upload was interrupted; run it again to go on", e);
        }
    }

    private URI uri(HubName name, String commit, String file) {
        return address("/" + name.pagePath() + "/resolve/" + commit + "/"
                + Arrays.stream(file.split("/")).map(HubClient::quoted).collect(Collectors.joining("/")));
    }

    static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @param about whether to stop at a redirect whose headers describe the file or that leaves the hub */
    private HttpResponse<InputStream> follow(String method, URI uri, long from, boolean about) throws IOException {
        URI at = uri;
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> response = send(method, at, from);
            Optional<URI> next = response.statusCode() / 100 == 3
                    ? header(response, "Location").map(at::resolve)
                    : Optional.empty();
            if (next.isEmpty() || (about && (header(response, LARGE_ETAG).isPresent() || !isEndpoint(next.get())))) {
                return response;
            }
            if (at.getScheme().equals("https") && !"https".equals(next.get().getScheme())) {
                throw new InputException(
                        at + " redirects to " + next.get() + ", which is not encrypted; check HF_ENDPOINT");
            }
            response.body().close();
            at = next.get();
        }
        throw new InputException(uri + " redirects more than " + MOST_REDIRECTS + " times; check HF_ENDPOINT");
    }

    private boolean isEndpoint(URI uri) {
        URI endpoint = settings.endpoint();
        return endpoint.getScheme().equals(uri.getScheme())
                && endpoint.getHost().equalsIgnoreCase(uri.getHost())
                && endpoint.getPort() == uri.getPort();
    }

    private HttpResponse<InputStream> send(String method, URI uri, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(HEADERS)
                .header("User-Agent", "videotg")
                .header("Accept-Encoding", "identity")
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (isEndpoint(uri)) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubUnavailable("the download was interrupted; run it again to go on", e);
        }
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }

    /** The hub can't be reached or is overloaded; a copy in the cache can be used instead. */
    static final class HubUnavailable extends InputException {
        private static final long serialVersionUID = 1L;

        HubUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
