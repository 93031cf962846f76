package org.videotg.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.videotg.core.io.Json;

/** A request that may be answered: host, origin and key are checked. */
public final class Request {
    private final Context context;
    private final byte[] body;
    private final InputStream input;
    private final long deadline;

    /** @param deadline in the terms of {@link System#nanoTime} */
    Request(Context context, byte[] body, InputStream input, long deadline) {
        this.context = context;
        this.body = body;
        this.input = input;
        this.deadline = deadline;
    }

    /** Returns how long the client is still kept waiting; not positive if the answer would come too late. */
    public Duration remaining() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /**
     * Returns the part of the path that stands at {@code {name}}, decoded.
     *
     * @throws WebException (400) if it could lead to another folder
     */
    public String pathParameter(String name) {
        String value = context.pathParam(name);
        if (value.startsWith(".") || value.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ')) {
            throw WebException.parameter(name, "\"" + name + "\" in the path must be a plain name");
        }
        return value;
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /** Returns the body; empty on a route for uploads. */
    public byte[] body() {
        return body;
    }

    /** Returns the body on a route for uploads; it refuses to be longer or slower than allowed. */
    public InputStream input() {
        return input;
    }

    /**
     * Returns the body as a JSON object.
     *
     * @throws WebException (400) if it is none, (415) if the request says that it is something else
     */
    public ObjectNode json() {
        requireJson();
        return parse(body);
    }

    /**
     * Checks that the request says that its body is JSON. A page of another origin can't say so without asking first.
     *
     * @throws WebException (415) if it does not
     */
    public void requireJson() {
        if (!header("Content-Type").orElse("").replaceFirst("\\s*;.*", "").equalsIgnoreCase("application/json")) {
            throw WebException.of(415, "unsupported_media_type", "send the body as Content-Type: application/json");
        }
    }

    /** Parses a JSON object in UTF-8. */
    public static ObjectNode parse(byte[] body) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw WebException.of(400, "invalid_json", "the body is not text in UTF-8");
        }
        JsonNode parsed = Json.parse(text, "the body");
        if (parsed instanceof ObjectNode object) {
            return object;
        }
        throw WebException.of(400, "invalid_json", "the body must be a JSON object in braces");
    }
}
