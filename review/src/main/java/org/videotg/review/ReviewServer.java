package org.videotg.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.method.agent.Verdict;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.video.VideoFile;
import org.videotg.web.Request;
import org.videotg.web.Route;
import org.videotg.web.WebAnswer;
import org.videotg.web.WebException;
import org.videotg.web.WebServer;
import org.videotg.web.WebSettings;

/**
 * The review page and what it asks for, on this machine only. Samples and their videos are named by id; there is no way
 * to name a file.
 */
public final class ReviewServer implements AutoCloseable {
    private static final int LONGEST_NAME = 100;

    private final ReviewData data;
    private final DecisionLog log;
    private final BrowserCopies copies;
    private final String reviewer;
    private final Clock clock;
    private final String key = WebSettings.newKey();
    private final WebServer server;

    private ReviewServer(Settings settings, ReviewData data, DecisionLog log) {
        this.data = data;
        this.log = log;
        this.copies = new BrowserCopies(settings.copies());
        this.reviewer = settings.reviewer();
        this.clock = settings.clock();
        this.server = WebServer.start(WebSettings.loopback(settings.port()).withKey(key), routes());
    }

    /**
     * Where the server listens, and what it writes besides decisions.
     *
     * @param port 0 for a free one
     * @param copies folder of the copies of videos that browsers can't play
     * @param reviewer name that a page starts with; empty for none
     * @param clock tells when decisions were taken
     */
    public record Settings(int port, Path copies, String reviewer, Clock clock) {}

    /**
     * Starts a server.
     *
     * @param log of decisions, which stays the caller's to close
     * @throws InputException if it can't listen there
     */
    public static ReviewServer start(Settings settings, ReviewData data, DecisionLog log) {
        return new ReviewServer(settings, data, log);
    }

    /** The page's address with the key that opens it. */
    public URI page() {
        return server.address().resolve("?key=" + key);
    }

    @Override
    public void close() {
        server.close();
        copies.close();
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/", request -> WebAnswer.resource(ReviewServer.class, "review.html")));
        for (String name : List.of("review.css", "review.js", "timeline.js")) {
            routes.add(Route.get("/" + name, request -> WebAnswer.resource(ReviewServer.class, name)));
        }
        routes.add(Route.get("/api/review", request -> WebAnswer.json(overview())));
        routes.add(Route.get("/api/samples", request -> WebAnswer.json(list(request))));
        routes.add(Route.get("/api/sample", request -> WebAnswer.json(detail(sample(request)))));
        routes.add(
                new Route("GET", "/api/frames", Route.Kind.WORK, 0, false, request -> WebAnswer.json(frames(request))));
        routes.add(Route.post("/api/decisions", request -> WebAnswer.json(decide(request.json()))));
        routes.add(Route.get(
                "/video", request -> WebAnswer.file(sample(request).video().file())));
        routes.add(Route.post(
                "/api/copy",
                request -> WebAnswer.json(copies.start(sample(request).video().file()))));
        routes.add(Route.get(
                "/copy",
                request -> WebAnswer.file(copies.file(sample(request).video().file()))));
        return routes;
    }

    private ReviewSample sample(Request request) {
        return sample(request.query("id").orElse(""));
    }

    private ReviewSample sample(String id) {
        return data.sample(id)
                .orElseThrow(() -> WebException.of(404, "no_such_sample", "there is no sample of this id"));
    }

    /** Counts for each filter, and the reviewers with their agreement. */
    private Map<String, Object> overview() {
        Decisions decisions = log.decisions();
        Map<String, Integer> counts = new LinkedHashMap<>();
        Arrays.stream(Filter.values())
                .forEach(filter ->
                        counts.put(filter.id(), data.filtered(filter, decisions).size()));
        long doubtful = data.samples().stream().filter(ReviewSample::doubtful).count();
        Map<String, Integer> reviewers = new LinkedHashMap<>();
        decisions.byReviewer().forEach((reviewer, decided) -> reviewers.put(reviewer, decided.size()));
        Map<String, Object> overview = new LinkedHashMap<>();
        overview.put("reviewer", reviewer);
        overview.put("filters", counts);
        overview.put("doubtful", doubtful);
        overview.put("reviewers", reviewers);
        overview.put(
                "agreement",
                Agreement.of(decisions).stream().map(ReviewServer::row).toList());
        return overview;
    }

    private static Map<String, Object> row(Agreement pair) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("one", pair.one());
        row.put("other", pair.other());
        row.put("samples", pair.samples());
        row.put("same", pair.same());
        pair.kappa().ifPresent(kappa -> row.put("kappa", kappa));
        row.put("repairs", pair.repairs());
        pair.repairIou().ifPresent(iou -> row.put("repairIou", iou));
        return row;
    }

    /** The samples of a filter in short, in their order. */
    private List<Map<String, Object>> list(Request request) {
        Decisions decisions = log.decisions();
        Filter filter = Filter.named(request.query("filter").orElse(Filter.ALL.id()));
        return data.filtered(filter, decisions).stream()
                .map(sample -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("id", sample.id());
                    row.put("query", sample.sample().query());
                    row.put("impact", Math.round(data.impact(sample) * 1000) / 1000.0);
                    row.put("marks", marks(sample));
                    row.put("decisions", decided(sample, decisions));
                    return row;
                })
                .toList();
    }

    private static List<String> marks(ReviewSample sample) {
        List<String> marks = new ArrayList<>();
        add(marks, sample.partial(), "partial");
        add(marks, sample.undecided(), "undecided");
        add(marks, sample.failed(), "failed");
        add(marks, sample.hard(), "hard");
        add(marks, sample.disagreement(), "disagreement");
        add(marks, sample.selected().orElse(false), "selected");
        return marks;
    }

    private static void add(List<String> marks, boolean holds, String mark) {
        if (holds) {
            marks.add(mark);
        }
    }

    private static Map<String, String> decided(ReviewSample sample, Decisions decisions) {
        Map<String, String> decided = new LinkedHashMap<>();
        decisions
                .about(sample.id())
                .forEach(decision ->
                        decided.put(decision.reviewer(), decision.choice().id()));
        return decided;
    }

    /** All that is known about a sample; times in seconds from the start of its clip. */
    private Map<String, Object> detail(ReviewSample sample) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("id", sample.id());
        detail.put("query", sample.sample().query());
        detail.put("task", sample.sample().task().id());
        detail.put("options", sample.sample().options());
        detail.put("answer", sample.sample().answer());
        detail.put("duration", sample.sample().duration());
        Clip clip = sample.video().clip();
        detail.put("clipStart", clip.start());
        detail.put("file", sample.video().file().getFileName().toString());
        detail.put("marks", marks(sample));
        detail.put("impact", data.impact(sample));
        detail.put("intervals", sample.sample().intervals());
        List<Map<String, Object>> lanes = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        sample.reflection().ifPresent(verdict -> {
            detail.put("reflected", verdict.spans());
            if (verdict.failed()) {
                errors.add("reflection: " + verdict.error());
            }
            Probe.of(verdict).ifPresent(probe -> {
                detail.put("probe", probe.grids());
                detail.put("threshold", probe.threshold());
                detail.put("gridSeconds", probe.seconds());
            });
        });
        sample.difficulty().ifPresent(verdict -> {
            if (verdict.failed()) {
                errors.add("difficulty: " + verdict.error());
            } else {
                detail.put("difficulty", verdict.difficulty());
            }
            for (int i = 0; i < verdict.spans().size(); i++) {
                lanes.add(lane("zero-shot " + (i + 1), verdict.spans().get(i)));
            }
            detail.put("replies", verdict.replies());
        });
        sample.predictions().forEach((name, spans) -> lanes.add(lane(name, spans)));
        detail.put("predictions", lanes);
        detail.put("errors", errors);
        detail.put("decisions", log.decisions().about(sample.id()));
        return detail;
    }

    private static Map<String, Object> lane(String name, List<Interval> intervals) {
        return Map.of("name", name, "intervals", intervals);
    }

    /** The frame rate, or the frames' times from the start of the file where they are uneven. */
    private Map<String, Object> frames(Request request) {
        VideoFile file = VideoFile.open(sample(request).video().file());
        return file.info().timesFollowIndex()
                ? Map.of("fps", file.info().fps())
                : Map.of(
                        "times",
                        Arrays.stream(file.times())
                                .map(time -> Math.round(time * 1e4) / 1e4)
                                .toArray());
    }

    /** Stores a decision; what is answered is on the medium. */
    private ReviewDecision decide(ObjectNode posted) {
        posted.remove(List.of("time", "sample"));
        ReviewDecision given = Json.convert(posted, ReviewDecision.class, "the decision");
        ReviewSample sample = sample(given.id());
        String reviewer = given.reviewer().strip();
        if (reviewer.isEmpty()
                || reviewer.length() > LONGEST_NAME
                || reviewer.chars().anyMatch(Character::isISOControl)) {
            throw new InputException("give the reviewer's name, of at most " + LONGEST_NAME + " characters");
        }
        double end = sample.sample().duration() + Clip.SLACK;
        if (given.intervals() != null && given.intervals().stream().anyMatch(span -> span.end() > end)) {
            throw new InputException("an interval ends behind the video, which lasts "
                    + sample.sample().duration() + " s");
        }
        ReviewDecision decision = new ReviewDecision(
                given.id(),
                given.choice(),
                given.intervals(),
                reviewer,
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                Verdict.fingerprint(sample.sample()));
        log.append(decision);
        return decision;
    }
}
