package org.videotg.web;

import java.util.Objects;

/**
 * A method and path, and what answers there.
 *
 * @param method such as {@code GET}
 * @param path such as {@code /videos/{id}}
 * @param kind what answering takes
 * @param bodyBytes limit of the body; 0 for the server's
 * @param open whether it is answered without the key
 */
public record Route(String method, String path, Kind kind, long bodyBytes, boolean open, Handler handler) {
    /** What answering takes, and so what limits the number of requests. */
    public enum Kind {
        /** Answered at once. */
        QUICK,
        /** Takes time: a bounded number is at work or waits, each for a bounded time. */
        WORK,
        /** Takes a large body, which the handler reads from {@link Request#input}. */
        UPLOAD
    }

    /** Answers a request; throws {@link WebException} or {@link org.videotg.core.io.InputException} to refuse it. */
    @FunctionalInterface
    public interface Handler {
        WebAnswer handle(Request request) throws Exception;
    }

    public Route {
        Objects.requireNonNull(handler, "handler");
    }

    public static Route get(String path, Handler handler) {
        return new Route("GET", path, Kind.QUICK, 0, false, handler);
    }

    public static Route post(String path, Handler handler) {
        return new Route("POST", path, Kind.QUICK, 0, false, handler);
    }

    public static Route put(String path, Handler handler) {
        return new Route("PUT", path, Kind.QUICK, 0, false, handler);
    }

    public static Route delete(String path, Handler handler) {
        return new Route("DELETE", path, Kind.QUICK, 0, false, handler);
    }

    /** A POST that takes time. */
    public static Route work(String path, Handler handler) {
        return new Route("POST", path, Kind.WORK, 0, false, handler);
    }

    /** A POST with a large body. */
    public static Route upload(String path, long bodyBytes, Handler handler) {
        return new Route("POST", path, Kind.UPLOAD, bodyBytes, false, handler);
    }

    /** Returns this route, answered without the key. */
    public Route withoutKey() {
        return new Route(method, path, kind, bodyBytes, true, handler);
    }
}
