package org.videotg.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.OutputException;

/**
 * A server over HTTP that is safe by default: it listens on this machine unless told otherwise, checks host, origin and
 * key, and limits bodies, times and the number of requests. An error is answered as JSON in the form of OpenAI's API
 * and says nothing of the program's insides. A request that is refused or fails does not disturb others.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /** Bodies that arrive, and files that leave, at a time. */
    private static final int TRANSFERS = 32;

    private static final int UPLOADS = 4;
    private static final Duration UPLOAD_TIME = Duration.ofMinutes(10);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 512;
    private static final int HEADER_BYTES = 16 << 10;
    private static final int SPARE_THREADS = 16;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String POLICY = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
            + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** How much longer than the work an answer may take that the work ends itself. */
    private static final Duration GRACE = Duration.ofMillis(200);

    private static final String FAILED = "the server failed to answer; its log says why";

    private final WebSettings settings;
    private final Observer observer;
    private final Gate gate;
    private final Semaphore work;
    private final Semaphore uploads = new Semaphore(UPLOADS);
    private final RequestBodies bodies;
    private final FileAnswers files = new FileAnswers(TRANSFERS, RETRY);
    private final ExecutorService workers;
    private final Javalin javalin;

    /** Is told of each answer. */
    @FunctionalInterface
    public interface Observer {
        /**
         * A request to a known route was answered.
         *
         * @param path of the route, such as {@code /videos/{id}}
         * @param seconds from the request to the end of the answer
         */
        void answered(String path, int status, double seconds);
    }

    private WebServer(WebSettings settings, List<Route> routes, Observer observer) {
        this.settings = settings;
        this.observer = observer;
        this.gate = new Gate(settings);
        this.bodies = new RequestBodies(settings.limits(), TRANSFERS, RETRY);
        this.work = new Semaphore(settings.limits().inWork());
        this.workers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "web-worker");
            thread.setDaemon(true);
            return thread;
        });
        this.javalin = Javalin.create(config -> configure(config, routes));
    }

    /**
     * Starts a server.
     *
     * @throws InputException if it can't listen there
     */
    public static WebServer start(WebSettings settings, List<Route> routes) {
        return start(settings, routes, (path, status, seconds) -> {});
    }

    /**
     * Starts a server whose answers are observed.
     *
     * @throws InputException if it can't listen there
     */
    public static WebServer start(WebSettings settings, List<Route> routes, Observer observer) {
        WebServer server = new WebServer(settings, routes, observer);
        try {
            server.javalin.start(settings.host(), settings.port());
            return server;
        } catch (JavalinBindException e) {
            server.workers.shutdownNow();
            throw new InputException(
                    "can't listen on " + settings.host() + " port " + settings.port()
                            + ": it is in use or not allowed; choose another port, or 0 for a free one",
                    e);
        }
    }

    public int port() {
        return javalin.port();
    }

    /** Returns where the server's page is found, as seen from this machine. */
    public URI address() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return URI.create("http://" + host + ":" + port() + "/");
    }

    /** Returns how many requests are at work or wait for it. */
    public int inWork() {
        return settings.limits().inWork() - work.availablePermits();
    }

    /** Stops: takes no more requests, and lets those at work end for two seconds. */
    @Override
    public void close() {
        javalin.stop();
        workers.shutdownNow();
    }

    private void configure(JavalinConfig config, List<Route> routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.generateEtags = false;
        QueuedThreadPool threads =
                new QueuedThreadPool(settings.limits().inWork() + 2 * TRANSFERS + UPLOADS + SPARE_THREADS, 4);
        threads.setName("web");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            // Javalin would take an encoded slash in a path, and decode it.
            http.setUriCompliance(UriCompliance.DEFAULT);
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
            http.setRequestHeaderSize(HEADER_BYTES);
            http.setIdleTimeout(IDLE.toMillis());
        });
        config.jetty.modifyServer(jetty -> {
            jetty.setStopTimeout(STOP.toMillis());
            jetty.setErrorHandler(new PlainErrors());
            jetty.addBean(new NetworkConnectionLimit(CONNECTIONS, jetty));
        });
        config.routes.before(this::begin);
        config.routes.exception(HttpResponseException.class, (e, context) -> {
            send(context, WebException.of(e.getStatus(), "no_such_route", message(e, context)));
        });
        config.routes.exception(Exception.class, (e, context) -> send(context, explain(e, context)));
        for (Route route : routes) {
            config.routes.addHttpHandler(
                    HandlerType.findOrCreate(route.method()), route.path(), context -> observed(context, route));
        }
    }

    private static String message(HttpResponseException e, Context context) {
        return e.getStatus() == 404 || e.getStatus() == 405
                ? context.method().name() + " " + context.path() + " is not answered here"
                : "the request can't be answered";
    }

    /** What holds for every request, known route or not. */
    private void begin(Context context) {
        context.header("Content-Security-Policy", POLICY);
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Cross-Origin-Opener-Policy", "same-origin");
        context.header("Cache-Control", "no-store");
        gate.checkSite(context.req());
    }

    private void observed(Context context, Route route) {
        long started = System.nanoTime();
        try {
            answer(context, route);
        } catch (Exception e) {
            send(context, explain(e, context));
        }
        observer.answered(route.path(), context.statusCode(), (System.nanoTime() - started) / 1e9);
    }

    private void answer(Context context, Route route) throws Exception {
        if (route.method().equals("GET")
                && gate.isKey(Optional.ofNullable(context.queryParam("key")).orElse(""))) {
            context.header(
                    "Set-Cookie",
                    gate.cookieName(port()) + "=" + gate.cookieValue() + "; Path=/; HttpOnly; SameSite=Strict");
            context.header("Location", context.path());
            context.status(303);
            return;
        }
        if (!route.open()) {
            gate.checkKey(context.req());
        }
        if (route.kind() == Route.Kind.UPLOAD) {
            upload(context, route);
        } else {
            withBody(context, route);
        }
    }

    /** Reads the body into memory, answers, and gives the memory back. */
    private void withBody(Context context, Route route) throws Exception {
        long limit =
                route.bodyBytes() > 0 ? route.bodyBytes() : settings.limits().bodyBytes();
        RequestBodies.checkLength(context, limit);
        try (RequestBodies.Body body = bodies.read(context, limit)) {
            long deadline = System.nanoTime() + settings.limits().time().toNanos();
            Request request = new Request(context, body.bytes(), InputStream.nullInputStream(), deadline);
            if (route.kind() == Route.Kind.WORK) {
                work(context, route, request, deadline);
            } else {
                send(context, route.handler().handle(request));
            }
        }
    }

    private void upload(Context context, Route route) throws Exception {
        RequestBodies.checkLength(context, route.bodyBytes());
        InputStream in = new BodyStream(context.req().getInputStream(), route.bodyBytes(), UPLOAD_TIME);
        if (!uploads.tryAcquire()) {
            throw WebException.busy("too many uploads at once; try again", RETRY);
        }
        try {
            long deadline = System.nanoTime() + UPLOAD_TIME.toNanos();
            send(context, route.handler().handle(new Request(context, new byte[0], in, deadline)));
        } finally {
            uploads.release();
        }
    }

    /** Answers on another thread, so that the client is not kept waiting longer than allowed. */
    private void work(Context context, Route route, Request request, long deadline) throws Exception {
        if (!work.tryAcquire()) {
            throw WebException.busy("too many requests wait for an answer; try again", RETRY);
        }
        CompletableFuture<WebAnswer> begun = new CompletableFuture<>();
        EventPipe pipe = new EventPipe(deadline);
        try {
            // The permit comes back when the work has really ended.
            workers.execute(() -> {
                try {
                    WebAnswer answer = route.handler().handle(request);
                    begun.complete(answer);
                    if (answer.body() instanceof WebAnswer.Body.Events events) {
                        sendEvents(events, pipe);
                    }
                } catch (Throwable e) {
                    begun.completeExceptionally(e);
                } finally {
                    work.release();
                }
            });
        } catch (RejectedExecutionException e) {
            work.release();
            throw WebException.busy("the server is stopping", RETRY);
        }
        WebAnswer answer;
        try {
            answer = begun.get(deadline + GRACE.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | CancellationException e) {
            throw late();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException) {
                throw late();
            } else if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
        send(context, answer);
        if (answer.body() instanceof WebAnswer.Body.Events) {
            try {
                pipe.writeTo(context.res().getOutputStream());
            } catch (IOException e) {
                LOG.debug("a client went away", e);
            }
        }
    }

    private WebException late() {
        return WebException.of(
                504, "timeout", "no answer within " + settings.limits().time().toSeconds() + " s");
    }

    private static void sendEvents(WebAnswer.Body.Events events, EventPipe pipe) {
        try {
            try {
                events.source().sendTo(pipe);
            } catch (WebException e) {
                pipe.send(e.body());
            } catch (CancellationException e) {
                throw e;
            } catch (Exception e) {
                LOG.error("events broke off", e);
                pipe.send(WebException.of(500, "internal_error", FAILED).body());
            }
        } catch (CancellationException e) {
            LOG.debug("events are no longer wanted", e);
        } finally {
            pipe.end();
        }
    }

    private WebException explain(Exception e, Context context) {
        if (e instanceof WebException refusal) {
            return refusal;
        }
        if (e instanceof InputException && !(e instanceof OutputException)) {
            return WebException.of(400, "invalid_value", e.getMessage());
        }
        LOG.error("{} {} failed", context.method().name(), context.path(), e);
        return WebException.of(500, "internal_error", FAILED);
    }

    private void send(Context context, WebException refusal) {
        if (context.res().isCommitted()) {
            return;
        }
        if (refusal.status() == 413) {
            bodies.drain(context);
        }
        refusal.retryAfter()
                .ifPresent(after -> context.header("Retry-After", String.valueOf(Math.max(1, after.toSeconds()))));
        if (refusal.status() == 401) {
            context.header("WWW-Authenticate", "Bearer");
        }
        if (refusal.status() == 408 || refusal.status() == 413) {
            context.header("Connection", "close");
        }
        context.status(refusal.status())
                .contentType("application/json;charset=utf-8")
                .result(refusal.body());
    }

    private void send(Context context, WebAnswer answer) throws IOException {
        answer.headers().forEach(context::header);
        context.status(answer.status());
        if (!answer.type().isEmpty()) {
            context.contentType(answer.type());
        }
        if (answer.body() instanceof WebAnswer.Body.Bytes body) {
            context.result(body.bytes());
        } else if (answer.body() instanceof WebAnswer.Body.OfFile body) {
            files.send(context, body.file());
        }
    }

    /** What the web library refuses by itself, before a route is known. */
    private static final class PlainErrors extends ErrorHandler {
        @Override
        public boolean handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
            int status = response.getStatus();
            response.getHeaders().put("Content-Type", "application/json;charset=utf-8");
            response.getHeaders().put("X-Content-Type-Options", "nosniff");
            response.write(true, bytes(status), callback);
            return true;
        }

        private static ByteBuffer bytes(int status) {
            String body =
                    WebException.body(status, "bad_request", "the request is not valid HTTP for this server", null);
            return ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
