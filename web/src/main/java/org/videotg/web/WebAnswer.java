package org.videotg.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;

/**
 * An answer over HTTP.
 *
 * @param type media type
 * @param headers further ones
 */
public record WebAnswer(int status, String type, Body body, Map<String, String> headers) {
    /** What is sent. */
    public sealed interface Body {
        /** Bytes in memory. */
        record Bytes(byte[] bytes) implements Body {}

        /** A file, of which a client may ask for a range. */
        record OfFile(Path file) implements Body {}

        /** Events that are sent as they come. */
        record Events(EventSource source) implements Body {}
    }

    /** Makes the events of an answer, on a route of {@link Route.Kind#WORK}. */
    @FunctionalInterface
    public interface EventSource {
        /** Sends all events; what it throws breaks the answer off. */
        void sendTo(EventSink sink) throws Exception;
    }

    /** Takes the events of an answer. */
    @FunctionalInterface
    public interface EventSink {
        /**
         * Sends an event.
         *
         * @param data one line
         * @throws java.util.concurrent.CancellationException if the client has gone away or the time is over
         */
        void send(String data);
    }

    public WebAnswer {
        headers = Map.copyOf(headers);
    }

    /** A value as JSON. */
    public static WebAnswer json(Object value) {
        return text("application/json", Json.line(value));
    }

    /** @param type without charset */
    public static WebAnswer text(String type, String text) {
        return new WebAnswer(
                200, type + ";charset=utf-8", new Body.Bytes(text.getBytes(StandardCharsets.UTF_8)), Map.of());
    }

    /** Bytes of a media type. */
    public static WebAnswer bytes(String type, byte[] bytes) {
        return new WebAnswer(200, type, new Body.Bytes(bytes), Map.of());
    }

    /** A file, or the range of it that the client asks for. */
    public static WebAnswer file(Path file) {
        return new WebAnswer(200, type(file.getFileName().toString()), new Body.OfFile(file), Map.of());
    }

    /**
     * A text file that comes with the program.
     *
     * @param owner a class in the resource's package
     */
    public static WebAnswer resource(Class<?> owner, String name) {
        return text(type(name), Resources.text(owner, name));
    }

    /** Server-sent events. */
    public static WebAnswer events(EventSource source) {
        return new WebAnswer(200, "text/event-stream;charset=utf-8", new Body.Events(source), Map.of());
    }

    /** Nothing but the status 204. */
    public static WebAnswer empty() {
        return new WebAnswer(204, "", new Body.Bytes(new byte[0]), Map.of());
    }

    public WebAnswer withStatus(int wanted) {
        return new WebAnswer(wanted, type, body, headers);
    }

    public WebAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new WebAnswer(status, type, body, more);
    }

    /** Returns the media type that a file's name suggests. */
    private static String type(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (extension) {
            case "html" -> "text/html";
            case "js" -> "text/javascript";
            case "css" -> "text/css";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "json" -> "application/json";
            case "yaml" -> "application/yaml";
            case "txt" -> "text/plain";
            case "mp4", "m4v" -> "video/mp4";
            case "webm" -> "video/webm";
            case "mkv" -> "video/x-matroska";
            case "mov" -> "video/quicktime";
            case "ogv" -> "video/ogg";
            default -> "application/octet-stream";
        };
    }
}
