package org.videotg.core.io;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/** What requests over HTTP share: the client, and the reading of failures. */
public final class Http {
    /** Responses after which the same request may succeed later. */
    public static final Set<Integer> RETRYABLE = Set.of(408, 425, 429, 500, 502, 503, 504);

    private static final Duration CONNECT = Duration.ofSeconds(15);

    private Http() {}

    /** Returns a client that goes through the proxies of {@link ProxyVariables} and follows no redirect. */
    public static HttpClient client() {
        ProxyVariables proxies = new ProxyVariables(System.getenv());
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .proxy(proxies.selector());
        proxies.authenticator().ifPresent(client::authenticator);
        return client.build();
    }

    /** Returns what the header Retry-After says, in seconds or as a date. */
    public static Optional<Duration> retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After").flatMap(text -> {
            if (text.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            try {
                Duration wait = Duration.between(
                        Instant.now(),
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    /** Returns why a request failed, in one line. */
    public static String reason(IOException e) {
        if (e instanceof ConnectException && e.getMessage() == null) {
            return "no connection";
        }
        String message = e.getMessage() == null
                ? ""
                : ": " + e.getMessage().lines().findFirst().orElse("");
        return e.getClass().getSimpleName().replace("Exception", "") + message;
    }
}
