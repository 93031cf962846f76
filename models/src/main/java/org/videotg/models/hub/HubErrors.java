package org.videotg.models.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.videotg.core.io.Http;
import org.videotg.core.io.InputException;
import org.videotg.models.hub.HubClient.HubUnavailable;

/** Maps the HTTP responses of a hub to errors. */
record HubErrors(HubSettings settings, HubName name) {
    /** A response after which the request can be repeated. */
    static final class RetryableResponse extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Duration retryAfter;

        RetryableResponse(int status, Duration retryAfter) {
            super("the server answers " + status + (status == 429 ? " (too many requests)" : ""));
            this.retryAfter = retryAfter;
        }

        /** Returns the wait of Retry-After, else the usual one after so many failures; at most the longest wait. */
        Duration wait(RetryPolicy retries, int failures) {
            Duration wait = retryAfter == null ? retries.waitAfter(failures) : retryAfter;
            return wait.compareTo(retries.longestWait()) < 0 ? wait : retries.longestWait();
        }
    }

    /**
     * Checks that a response is successful.
     *
     * @throws RetryableResponse if the same request may succeed later
     * @throws InputException if it will not
     */
    void check(HttpResponse<?> response, String what) throws RetryableResponse {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return;
        }
        if (Http.RETRYABLE.contains(status)) {
            throw new RetryableResponse(
                    status, Http.retryAfter(response.headers()).orElse(null));
        }
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        String at = " at " + settings.endpoint();
        throw new InputException(
                switch (status) {
                    case 401 ->
                        name + ": no access" + at + " (401); "
                                + (settings.token().isPresent()
                                        ? "the token is not valid: make a new one and set HF_TOKEN"
                                        : "check the name, or set HF_TOKEN if the "
                                                + name.kind().word() + " is private or gated");
                    case 403 ->
                        name + ": no access" + at
                                + " (403); accept the " + name.kind().word()
                                + "'s terms on its page, and set HF_TOKEN to a token that"
                                + " may read it";
                    case 404 ->
                        switch (code) {
                            case "RevisionNotFound" ->
                                name.repository() + at + " has no revision \"" + name.revision()
                                        + "\"; check what follows @";
                            case "EntryNotFound" ->
                                name + at + " has no file " + what + "; try another revision (" + name.repository()
                                        + "@REVISION)";
                            default ->
                                name + " is neither a folder here nor a "
                                        + name.kind().word() + at + " (404); check the name";
                        };
                    default -> name + ": " + what + ": unexpected answer " + status + at + "; check HF_ENDPOINT";
                });
    }

    HubUnavailable unavailable(String what, IOException e) {
        return new HubUnavailable(
                name + " is no folder here, and " + settings.endpoint() + " does not give " + what + " (" + reason(e)
                        + "); try again later (what was downloaded is kept), or give a folder",
                e);
    }

    static String reason(IOException e) {
        return e instanceof RetryableResponse ? e.getMessage() : Http.reason(e);
    }
}
