package org.videotg.app.watch;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.videotg.web.Route;
import org.videotg.web.WebAnswer;
import org.videotg.web.WebException;
import org.videotg.web.WebServer;
import org.videotg.web.WebSettings;

/**
 * The page that shows runs, and the changes that it asks for again and again, on this machine only. Runs are named by
 * number; there is no way to name a file.
 */
public final class WatchServer implements AutoCloseable {
    /** What a page has: number of the run, generation, rows. */
    private static final Pattern KNOWN = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");

    private final WatchedRuns runs;
    private final String key = WebSettings.newKey();
    private final WebServer server;

    private WatchServer(WatchedRuns runs, int port) {
        this.runs = runs;
        this.server = WebServer.start(WebSettings.loopback(port).withKey(key), routes());
    }

    /**
     * Starts a server.
     *
     * @param port 0 for a free one
     * @throws org.videotg.core.io.InputException if it can't listen there
     */
    public static WatchServer start(WatchedRuns runs, int port) {
        return new WatchServer(runs, port);
    }

    /** The page's address with the key that opens it. */
    public URI page() {
        return server.address().resolve("?key=" + key);
    }

    @Override
    public void close() {
        server.close();
    }

    private List<Route> routes() {
        return List.of(
                Route.get("/", request -> WebAnswer.resource(WatchServer.class, "watch.html")),
                Route.get("/watch.css", request -> WebAnswer.resource(WatchServer.class, "watch.css")),
                Route.get("/watch.js", request -> WebAnswer.resource(WatchServer.class, "watch.js")),
                Route.get("/chart.js", request -> WebAnswer.resource(WatchServer.class, "chart.js")),
                Route.get(
                        "/api/changes",
                        request -> WebAnswer.json(
                                runs.changes(known(request.query("have").orElse(""))))),
                Route.get(
                        "/api/rollouts",
                        request -> WebAnswer.json(
                                runs.rollouts(id(request.query("run").orElse("")))
                                        .orElseThrow(WatchServer::noSuchRun))));
    }

    private static Map<Integer, WatchedRun.Known> known(String text) {
        Map<Integer, WatchedRun.Known> known = new HashMap<>();
        for (MatchResult one : KNOWN.matcher(text).results().toList()) {
            known.put(
                    Integer.parseInt(one.group(1)),
                    new WatchedRun.Known(Integer.parseInt(one.group(2)), Integer.parseInt(one.group(3))));
        }
        return known;
    }

    private static int id(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw noSuchRun();
        }
        return Integer.parseInt(text);
    }

    private static WebException noSuchRun() {
        return WebException.of(404, "no_such_run", "there is no run of this number");
    }
}
