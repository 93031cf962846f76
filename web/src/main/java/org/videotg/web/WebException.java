package org.videotg.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import org.videotg.core.io.Json;

/** A refusal: an HTTP status, and an error in the form of OpenAI's API. */
public final class WebException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Optional<Duration> retryAfter;
    private final transient Optional<String> parameter;

    private WebException(
            int status, String code, String message, Optional<Duration> retryAfter, Optional<String> parameter) {
        super(message);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
        this.parameter = parameter;
    }

    /**
     * Makes a refusal.
     *
     * @param code such as {@code model_not_found}
     * @param message one line: what is wrong, and what to do
     */
    public static WebException of(int status, String code, String message) {
        return new WebException(status, code, message, Optional.empty(), Optional.empty());
    }

    /** Makes a refusal (400) of one parameter of the request. */
    public static WebException parameter(String parameter, String message) {
        return new WebException(400, "invalid_value", message, Optional.empty(), Optional.of(parameter));
    }

    /** Makes a refusal (503) that asks the client to come again. */
    public static WebException busy(String message, Duration retryAfter) {
        return new WebException(503, "overloaded", message, Optional.of(retryAfter), Optional.empty());
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Returns {@code {"error":{"message","type","param","code"}}}. */
    String body() {
        return body(status, code, getMessage(), parameter.orElse(null));
    }

    static String body(int status, String code, String message, String parameter) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", type(status))
                .put("param", parameter)
                .put("code", code);
        return Json.line(body);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
