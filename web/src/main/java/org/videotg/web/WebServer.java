package org.videotg.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
import java.util.concurrent.atomic.AtomicLong;
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
    /** What is read of a refused body. */
    private static final long DRAINED_BYTES = 4 << 20;

    /** How often, and how long, that waits for more: the answer to a client that sends nothing is not delayed by much. */
    private static final int DRAIN_PAUSES = 20;

    private static final long DRAIN_PAUSE_MILLIS = 5;
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
    private final Semaphore arriving = new Semaphore(TRANSFERS);
    private final Semaphore leaving = new Semaphore(TRANSFERS);
    private final AtomicLong bodies = new AtomicLong();
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
        checkLength(context, limit);
        long[] held = {0};
        try {
            byte[] body = read(context, limit, held);
            long deadline = System.nanoTime() + settings.limits().time().toNanos();
            Request request = new Request(context, body, InputStream.nullInputStream(), deadline);
            if (route.kind() == Route.Kind.WORK) {
                work(context, route, request, deadline);
            } else {
                send(context, route.handler().handle(request));
            }
        } finally {
            bodies.addAndGet(-held[0]);
        }
    }

    private static void checkLength(Context context, long limit) {
        if (context.req().getContentLengthLong() > limit) {
            throw BodyStream.tooLong(limit);
        }
    }

    private byte[] read(Context context, long limit, long[] held) throws IOException {
        long length = context.req().getContentLengthLong();
        if (length == 0 || (length < 0 && context.req().getHeader("Transfer-Encoding") == null)) {
            return new byte[0];
        }
        if (!arriving.tryAcquire()) {
            throw WebException.busy("too many requests arrive at once; try again", RETRY);
        }
        try (BodyStream in = new BodyStream(
                context.req().getInputStream(), limit, settings.limits().bodyTime())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[64 << 10];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                held[0] += n;
                if (bodies.addAndGet(n) > settings.limits().bodiesBytes()) {
                    throw WebException.busy("the requests at work hold too much memory; try again", RETRY);
                }
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        } finally {
            arriving.release();
        }
    }

    private void upload(Context context, Route route) throws Exception {
        checkLength(context, route.bodyBytes());
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
        CompletableFuture<Answer> begun = new CompletableFuture<>();
        EventPipe pipe = new EventPipe(deadline);
        try {
            // The permit comes back when the work has really ended.
            workers.execute(() -> {
                try {
                    Answer answer = route.handler().handle(request);
                    begun.complete(answer);
                    if (answer.body() instanceof Answer.Body.Events events) {
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
        Answer answer;
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
        if (answer.body() instanceof Answer.Body.Events) {
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

    private static void sendEvents(Answer.Body.Events events, EventPipe pipe) {
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

    /**
     * Reads what still arrives of a body that is refused, up to a bound: a client that is cut off while it sends sees a
     * broken connection instead of the answer.
     */
    private void drain(Context context) {
        if (!arriving.tryAcquire()) {
            return;
        }
        try {
            ServletInputStream rest = context.req().getInputStream();
            long left = DRAINED_BYTES;
            int pauses = 0;
            while (left > 0 && !rest.isFinished() && pauses < DRAIN_PAUSES) {
                int waiting = rest.available();
                if (waiting > 0) {
                    left -= rest.readNBytes((int) Math.min(waiting, left)).length;
                } else {
                    TimeUnit.MILLISECONDS.sleep(DRAIN_PAUSE_MILLIS);
                    pauses++;
                }
            }
        } catch (IOException e) {
            LOG.debug("a refused body was not read to its end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            arriving.release();
        }
    }

    private void send(Context context, WebException refusal) {
        if (context.res().isCommitted()) {
            return;
        }
        if (refusal.status() == 413) {
            drain(context);
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

    private void send(Context context, Answer answer) throws IOException {
        answer.headers().forEach(context::header);
        context.status(answer.status());
        if (!answer.type().isEmpty()) {
            context.contentType(answer.type());
        }
        if (answer.body() instanceof Answer.Body.Bytes body) {
            context.result(body.bytes());
        } else if (answer.body() instanceof Answer.Body.OfFile body) {
            if (!leaving.tryAcquire()) {
                throw WebException.busy("too many files leave at once; try again", RETRY);
            }
            try {
                send(context, body.file());
            } finally {
                leaving.release();
            }
        }
    }

    private static void send(Context context, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            String tag = "\"" + size + "-" + Files.getLastModifiedTime(file).toMillis() + "\"";
            context.header("Accept-Ranges", "bytes");
            context.header("ETag", tag);
            context.header("Cache-Control", "no-cache");
            String condition = context.header("If-Range");
            String wanted = condition == null || condition.equals(tag) ? context.header("Range") : null;
            Optional<ByteRange> found = ByteRange.of(wanted, size);
            if (found.isEmpty()) {
                context.header("Content-Range", "bytes */" + size);
                throw WebException.of(416, "bad_range", "the file has " + size + " bytes");
            }
            ByteRange range = found.get();
            if (range.part()) {
                context.status(206);
                context.header(
                        "Content-Range",
                        "bytes " + range.first() + "-" + (range.first() + range.length() - 1) + "/" + size);
            }
            context.res().setContentLengthLong(range.length());
            if (!context.req().getMethod().equals("HEAD")) {
                copy(channel, range, context.res().getOutputStream());
            }
        } catch (NoSuchFileException e) {
            throw WebException.of(404, "no_such_file", "the file does not exist");
        }
    }

    private static void copy(FileChannel channel, ByteRange range, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        long at = range.first();
        long end = range.first() + range.length();
        while (at < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw new EOFException("a file became shorter while it was sent");
            }
            try {
                out.write(buffer.array(), 0, read);
            } catch (IOException e) {
                // Browsers break off and ask for another range.
                LOG.debug("a client went away", e);
                return;
            }
            at += read;
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
