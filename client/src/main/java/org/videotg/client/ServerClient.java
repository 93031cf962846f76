package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.videotg.core.io.Http;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.UnavailableException;

/**
 * Requests to a server, repeated after failures. A server that is away or too busy is waited for as long as the
 * settings say; a question that is answered wrongly or not in time is repeated a few times, then its sample has failed.
 * Safe for use by several threads.
 */
final class ServerClient {
    /** Questions in a row without an answer after which the server is taken for broken. */
    static final int LOST_IN_A_ROW = 20;

    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int LONGEST_REASON = 300;
    private static final double JITTER = 0.25;
    /** Responses of a server, or of a proxy before it, that can't take the request now. */
    private static final Set<Integer> AWAY = Set.of(429, 502, 503);

    private static final Duration USUAL = Duration.ofSeconds(-1);
    private static final Duration SHORT = Duration.ofSeconds(30);

    private final ServerAddress address;
    private final Optional<String> key;
    private final ServerSettings settings;
    private final Consumer<String> notes;
    private final HttpClient http = Http.client();
    private final RetryPolicy<Object> whileAway;
    private final RetryPolicy<Object> afterFailures;
    private final AtomicInteger lost = new AtomicInteger();

    /** @param notes takes a line for each wait */
    ServerClient(ServerAddress address, Optional<String> key, ServerSettings settings, Consumer<String> notes) {
        this.address = address;
        this.key = key;
        this.settings = settings;
        this.notes = notes;
        Duration patience = ServerSettings.seconds(settings.patience());
        this.whileAway = policy(Away.class)
                .withMaxAttempts(-1)
                .withMaxDuration(patience.plusNanos(1))
                .withDelayFnOn(context -> delay(context.getLastException(), patience), Away.class)
                .build();
        this.afterFailures =
                policy(AttemptFailed.class).withMaxAttempts(settings.attempts()).build();
    }

    private RetryPolicyBuilder<Object> policy(Class<? extends Exception> failure) {
        Duration first = ServerSettings.seconds(settings.firstWait());
        // Failsafe wants a longest wait above the first one.
        Duration longest = ServerSettings.seconds(settings.longestWait()).plusNanos(1);
        return RetryPolicy.builder()
                .handle(failure)
                .withBackoff(first, longest)
                .withJitter(JITTER)
                .onRetryScheduled(event -> notes.accept(address.base() + ": "
                        + event.getLastException().getMessage() + "; next try in "
                        + Math.max(1, event.getDelay().toSeconds()) + " s"));
    }

    /** Returns the wait that the server asks for; negative for the usual one. */
    private static Duration delay(Throwable failure, Duration patience) {
        return ((Away) failure)
                .retryAfter
                .map(wait -> wait.compareTo(patience) < 0 ? wait : patience)
                .orElse(USUAL);
    }

    /** The server can't be reached, or can't take requests now. */
    private static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Optional<Duration> retryAfter;

        Away(String message, Optional<Duration> retryAfter, Throwable cause) {
            super(message, cause);
            this.retryAfter = retryAfter;
        }
    }

    /** The answer to one question is missing or can't be used; another attempt may succeed. */
    static final class AttemptFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AttemptFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The server refuses a request; repeating it does not help. */
    static final class Refusal extends InputException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        Refusal(String message, int status, String code) {
            super(message);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        /** What the server calls the error; empty if it does not say. */
        String code() {
            return code;
        }
    }

    ServerAddress address() {
        return address;
    }

    /**
     * Asks a question.
     *
     * @param route below the address, such as {@code /chat/completions}
     * @param reader takes what is needed from the answer; throws {@link AttemptFailed} if it can't be used
     * @throws Refusal if the server refuses this request
     * @throws InputException if it answers others, but not this one
     * @throws UnavailableException if it is gone, answers nothing any more or refuses the key
     */
    <T> T ask(String route, JsonNode body, Function<JsonNode, T> reader) {
        byte[] bytes = Json.line(body).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = request(address.route(route))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(bytes))
                .build();
        return patiently(() -> reader.apply(object(send(request, ServerSettings.seconds(settings.timeout())))));
    }

    /** Sends the bytes of a file. */
    JsonNode upload(String route, Path file) {
        return patiently(() -> {
            try {
                HttpRequest request = request(address.route(route))
                        .header("Content-Type", "application/octet-stream")
                        .POST(BodyPublishers.ofFile(file))
                        .build();
                return object(send(request, ServerSettings.seconds(settings.timeout())));
            } catch (IOException e) {
                throw new InputException("can't read " + file + ": " + e.getMessage(), e);
            }
        });
    }

    /**
     * Returns what a server says, without repeating the request.
     *
     * @return empty if it has no such route, or answers something else
     * @throws UnavailableException if it can't be reached, or refuses the key
     */
    Optional<JsonNode> look(URI uri) {
        try {
            return Optional.of(object(send(request(uri).GET().build(), SHORT)));
        } catch (Refusal | AttemptFailed e) {
            return Optional.empty();
        } catch (Away e) {
            throw new UnavailableException(
                    "server " + address.base() + " does not answer (" + e.getMessage() + "); start it, or check the"
                            + " address",
                    e);
        }
    }

    private boolean isAlive() {
        try {
            send(request(address.route("/models")).GET().build(), SHORT);
            return true;
        } catch (Refusal e) {
            return true;
        } catch (AttemptFailed e) {
            // It answers, if not as it should.
            return e.getCause() == null;
        } catch (Away e) {
            return false;
        }
    }

    /** One attempt. */
    @FunctionalInterface
    private interface Attempt<T> {
        T run();
    }

    private <T> T patiently(Attempt<T> attempt) {
        try {
            T answer = Failsafe.with(whileAway).get(() -> repeatedly(attempt));
            lost.set(0);
            return answer;
        } catch (Away e) {
            throw new UnavailableException(
                    "server " + address.base() + " does not answer (" + e.getMessage() + ") for "
                            + Math.round(settings.patience()) + " s; run the same command again when it does",
                    e);
        } catch (AttemptFailed e) {
            String reason =
                    "server " + address.base() + ": " + e.getMessage() + ", after " + settings.attempts() + " attempts";
            if (lost.incrementAndGet() >= LOST_IN_A_ROW) {
                throw new UnavailableException(
                        reason + "; so it was for the last " + LOST_IN_A_ROW + " questions: check the server, then run"
                                + " the same command again",
                        e);
            }
            throw new InputException(reason, e);
        } catch (FailsafeException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the question to " + address.base() + " was interrupted", e);
        }
    }

    /** An answer that is missing again and again is the question's fault only if the server answers something else. */
    private <T> T repeatedly(Attempt<T> attempt) {
        try {
            return Failsafe.with(afterFailures).get(attempt::run);
        } catch (AttemptFailed e) {
            if (!isAlive()) {
                throw new Away(e.getMessage(), Optional.empty(), e);
            }
            throw e;
        }
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("User-Agent", "videotg").header("Accept", "application/json");
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return request;
    }

    /** Returns the body of a successful answer. */
    private byte[] send(HttpRequest request, Duration timeout) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> exchange = http.sendAsync(
                request,
                HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                    if (body.size() + bytes.length > LARGEST_ANSWER) {
                        throw new IllegalStateException("the answer is larger than " + (LARGEST_ANSWER >> 20) + " MiB");
                    }
                    body.writeBytes(bytes);
                })));
        HttpResponse<Void> response;
        try {
            response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new AttemptFailed("no answer within " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new UnavailableException("the question to " + address.base() + " was interrupted", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
        byte[] bytes = body.toByteArray();
        check(response, bytes);
        return bytes;
    }

    private static RuntimeException failure(Throwable e) {
        boolean unreachable = e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof UnresolvedAddressException;
        String reason = e instanceof IOException io ? Http.reason(io) : String.valueOf(e.getMessage());
        return unreachable
                ? new Away(reason, Optional.empty(), e)
                : new AttemptFailed("the connection broke: " + reason, e);
    }

    private void check(HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return;
        }
        Said said = Said.of(body);
        String message = "answer " + status + (said.message.isEmpty() ? "" : ": " + said.message);
        if (AWAY.contains(status)) {
            throw new Away(message, Http.retryAfter(response.headers()), null);
        }
        if (Http.RETRYABLE.contains(status)) {
            throw new AttemptFailed(message, null);
        }
        if (status == 401 || status == 403) {
            throw new UnavailableException(
                    "server " + address.base() + " refuses "
                            + (key.isPresent() ? "the key" : "requests without a key") + " (" + status
                            + "); set VIDEOTG_API_KEY or VIDEOTG_API_KEY_FILE",
                    null);
        }
        throw new Refusal("server " + address.base() + ": " + message, status, said.code);
    }

    /** What the body of an error says. */
    private record Said(String message, String code) {
        static Said of(byte[] body) {
            String text = new String(body, StandardCharsets.UTF_8);
            JsonNode error;
            try {
                error = Json.MAPPER.readTree(text).path("error");
            } catch (IOException e) {
                error = Json.MAPPER.missingNode();
            }
            String message =
                    error.isTextual() ? error.asText() : error.path("message").asText(text);
            String line = message.strip().lines().findFirst().orElse("");
            return new Said(
                    line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "..." : line,
                    error.path("code").asText(""));
        }
    }

    private static JsonNode object(byte[] body) {
        JsonNode answer;
        try {
            answer = Json.MAPPER.readTree(body);
        } catch (IOException e) {
            throw new AttemptFailed("the answer is no JSON, or not whole", e);
        }
        if (answer == null || !answer.isObject()) {
            throw new AttemptFailed("the answer is no JSON object", null);
        }
        if (answer.has("error") && !answer.path("error").isNull()) {
            throw new AttemptFailed("the answer is an error: " + Said.of(body).message, null);
        }
        return answer;
    }
}
