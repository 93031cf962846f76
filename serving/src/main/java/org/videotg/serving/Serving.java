package org.videotg.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.RecordShards;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.ReplyListener;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.FrameRange;
import org.videotg.video.VideoFile;
import org.videotg.web.Request;
import org.videotg.web.Route;
import org.videotg.web.WebAnswer;
import org.videotg.web.WebAnswer.EventSink;
import org.videotg.web.WebException;
import org.videotg.web.WebServer;

/**
 * A model behind HTTP in the form of OpenAI's API, with an extension for masked views, temporal grids and probabilities
 * (docs/servers.md). A limited number of requests asks the model at a time; the others wait in the order in which they came.
 */
public final class Serving implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private static final int STANDARD_TOKENS = 96;
    private static final int MAX_QUESTIONS = 4096;
    private static final int MAX_OPTIONS = 26;

    private final ServingSettings settings;
    private final Backend.Handle handle;
    private final Mllm mllm;
    private final ModelIdentity identity;
    private final VideoSources videos;
    private final Optional<RecordShards> features;
    private final Turns turns;
    private final Metrics metrics = new Metrics();
    private final long started = Instant.now().getEpochSecond();
    private final AtomicLong answers = new AtomicLong();
    private final WebServer server;

    private Serving(ServingSettings settings, Backend.Handle handle, Mllm mllm) {
        this.settings = settings;
        this.handle = handle;
        this.mllm = mllm;
        this.turns = new Turns(settings.model().requests());
        ModelIdentity own = mllm.identity();
        // The folder of a model is nobody's business.
        this.identity = new ModelIdentity(
                settings.name(), own.architecture(), own.weights(), own.preprocessing(), own.compute());
        this.videos = new VideoSources(settings.videos());
        this.features = settings.videos()
                .features()
                .map(folder -> new RecordShards(RecordShards.Settings.of(
                        folder, "", settings.videos().limits().folderBytes())));
        try {
            this.server = WebServer.start(settings.web(), routes(), metrics::answered);
        } catch (RuntimeException e) {
            videos.close();
            throw e;
        }
        metrics.gauge("videotg_requests_in_work", "Requests at work or waiting for the model", server::inWork);
        metrics.gauge("videotg_requests_waiting", "Requests waiting for the model", turns::waiting);
        metrics.gauge("videotg_stored_bytes", "Bytes of uploaded and fetched videos", videos.store()::bytes);
    }

    /**
     * Starts to serve a model.
     *
     * @param mllm the model of the handle; closed with the server
     * @throws InputException if the server can't listen where it should, or a folder can't be used
     */
    public static Serving start(ServingSettings settings, Backend.Handle handle, Mllm mllm) {
        return new Serving(settings, handle, mllm);
    }

    public int port() {
        return server.port();
    }

    /** Returns where the server's page is found, as seen from this machine. */
    public URI address() {
        return server.address();
    }

    /** Returns the size of all uploaded and fetched videos. */
    long storedBytes() {
        return videos.store().bytes();
    }

    /** Stops: takes no more requests, waits for the model's last answer and removes the uploads. */
    @Override
    public void close() {
        try (videos;
                mllm) {
            server.close();
        }
    }

    /** Stops without waiting for the model, at the end of the process. */
    public void abandon() {
        try (videos) {
            server.close();
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/", request -> WebAnswer.resource(Serving.class, "page.html")),
                Route.get("/page.js", request -> WebAnswer.resource(Serving.class, "page.js"))
                        .withoutKey(),
                Route.get("/page.css", request -> WebAnswer.resource(Serving.class, "page.css"))
                        .withoutKey(),
                Route.get("/openapi.yaml", request -> WebAnswer.resource(Serving.class, "openapi.yaml"))
                        .withoutKey(),
                Route.get("/health", request -> WebAnswer.json(Map.of("status", "ok")))
                        .withoutKey(),
                Route.get(
                        "/metrics",
                        request -> WebAnswer.text("text/plain", metrics.text())
                                .withHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")),
                Route.get("/v1/models", request -> WebAnswer.json(models())),
                Route.upload("/v1/videos", settings.videos().limits().bytes(), this::upload),
                Route.get("/v1/videos/{id}/{name}", this::uploaded),
                Route.work("/v1/chat/completions", this::chat),
                Route.work("/v1/probe", this::probe),
                Route.work("/v1/grids", this::grids),
                Route.work("/v1/ground", this::ground));
    }

    private ObjectNode models() {
        ObjectNode models = Json.MAPPER.createObjectNode().put("object", "list");
        ObjectNode model = models.putArray("data")
                .addObject()
                .put("id", settings.name())
                .put("object", "model")
                .put("created", started)
                .put("owned_by", "videotg");
        ObjectNode extension = model.putObject("videotg");
        extension.set("identity", Json.MAPPER.valueToTree(identity));
        extension.put("fps", handle.sampling().fps());
        extension.put("pixel_budget", handle.sampling().pixelBudget());
        extension.put("probe", mllm.yesNo().isPresent());
        extension.put("max_tokens", settings.model().tokens());
        return models;
    }

    private WebAnswer upload(Request request) throws IOException {
        String name = request.query("name").orElseThrow(() -> WebException.parameter("name", "give ?name=FILE NAME"));
        try (VideoStore.Use use = videos.store().add(request.input(), name)) {
            if (use.bytes() == 0) {
                throw WebException.of(400, "invalid_value", "the body is empty; send the bytes of a video");
            }
            return WebAnswer.json(description(use));
        }
    }

    private WebAnswer uploaded(Request request) {
        try (VideoStore.Use use = videos.store()
                .find(request.pathParameter("id"), request.pathParameter("name"))
                .orElseThrow(() -> WebException.of(404, "video_not_found", "there is no such upload, or no longer"))) {
            return WebAnswer.json(description(use));
        }
    }

    private static Map<String, Object> description(VideoStore.Use use) {
        return Map.of(
                "id", use.id(),
                "object", "video",
                "name", use.name(),
                "bytes", use.bytes(),
                "url", "upload:" + use.id() + "/" + use.name());
    }

    /** A request with its data URLs apart. */
    private record Asked(Fields fields, DataUrls data) {
        static Asked of(Request request, String model) {
            request.requireJson();
            DataUrls data = new DataUrls(request.body());
            Fields fields = Fields.of(Request.parse(data.rest()));
            String wanted = fields.text("model").orElse(model);
            if (!wanted.equals(model)) {
                throw WebException.of(
                        404, "model_not_found", "this server has the model \"" + model + "\" only; see /v1/models");
            }
            return new Asked(fields, data);
        }
    }

    /** A video as the model sees it. */
    private VideoView view(View view, VideoSources.Found video) {
        VideoRef watched = new VideoRef(video.file(), view.clip());
        FrameRange.of(VideoFile.open(video.file()), view.clip());
        GridMask mask = view.mask();
        if (!mask.isNone()) {
            int grids = mllm.grids(watched).size();
            if (mask.visible(grids).length + mask.count() != grids) {
                throw WebException.parameter(
                        "videotg.mask.grids", "the video has " + grids + " temporal grids, numbered from 0");
            }
            if (mask.visible(grids).length == 0) {
                throw WebException.parameter("videotg.mask.grids", "at least one temporal grid must stay visible");
            }
        }
        return new VideoView(watched, mask);
    }

    private WebAnswer chat(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        ChatRequest chat =
                ChatRequest.of(asked.fields(), STANDARD_TOKENS, settings.model().tokens());
        VideoSources.Found video = videos.find(chat.view(), asked.data());
        boolean handedOn = false;
        try {
            Question question = told(video, () -> new Question(view(chat.view(), video), chat.before(), chat.after()));
            ChatAnswers form = new ChatAnswers(
                    "chatcmpl-" + Long.toString(started, 36) + "-" + answers.incrementAndGet(),
                    Instant.now().getEpochSecond(),
                    settings.name());
            if (!chat.stream()) {
                Answer answer = ask(request, video, question, chat.decoding(), (reply, text) -> {});
                return WebAnswer.json(
                        form.whole(answer, extension(question.view().video(), video, answer)));
            }
            handedOn = true;
            return WebAnswer.events(sink -> {
                try (video) {
                    stream(request, chat, form, new Told(video, question), sink);
                }
            });
        } finally {
            if (!handedOn) {
                video.close();
            }
        }
    }

    private record Told(VideoSources.Found video, Question question) {}

    private void stream(Request request, ChatRequest chat, ChatAnswers form, Told told, EventSink sink)
            throws Exception {
        for (int i = 0; i < chat.decoding().samples(); i++) {
            sink.send(Json.line(form.begin(i)));
        }
        Answer answer = ask(request, told.video(), told.question(), chat.decoding(), (reply, text) -> {
            if (!text.isEmpty()) {
                sink.send(Json.line(form.more(reply, text)));
            }
        });
        for (int i = 0; i < answer.replies().size(); i++) {
            sink.send(Json.line(form.end(i, answer.replies().get(i))));
        }
        ObjectNode extension = extension(told.question().view().video(), told.video(), answer);
        sink.send(Json.line(form.last(answer, extension, chat.usage())));
        sink.send("[DONE]");
    }

    private Answer ask(
            Request request, VideoSources.Found video, Question question, Decoding decoding, ReplyListener listener)
            throws Exception {
        return turn(request, video, () -> within(request).ask(question, decoding, listener));
    }

    /** The model, which ends a reply when the time of a request is over. */
    private Mllm within(Request request) {
        return new Mllm() {
            @Override
            public ModelIdentity identity() {
                return mllm.identity();
            }

            @Override
            public TemporalGrids grids(VideoRef video) {
                return mllm.grids(video);
            }

            @Override
            public Answer ask(Question question, Decoding decoding) {
                return ask(question, decoding, ReplyListener.NONE);
            }

            @Override
            public Answer ask(Question question, Decoding decoding, ReplyListener listener) {
                Answer answer = mllm.ask(question, decoding, (reply, text) -> {
                    if (request.remaining().isNegative()) {
                        throw new CancellationException("the time for the request is over");
                    }
                    listener.grown(reply, text);
                });
                metrics.count(answer);
                return answer;
            }

            @Override
            public void close() {
                throw new UnsupportedOperationException("the server closes the model");
            }
        };
    }

    /** Asks the model when it is free. */
    private <T> T turn(Request request, VideoSources.Found video, Callable<T> question) throws Exception {
        try {
            return turns.take(request.remaining(), () -> told(video, question));
        } finally {
            features.ifPresent(RecordShards::trim);
        }
    }

    /** Refuses what can't be computed, without paths of this machine. */
    private static <T> T told(VideoSources.Found video, Callable<T> question) throws Exception {
        try {
            return question.call();
        } catch (WebException | CancellationException | OutputException e) {
            throw e;
        } catch (InputException e) {
            throw WebException.of(400, "invalid_value", video.hide(e.getMessage()));
        } catch (RuntimeException e) {
            Optional<String> reason = Backend.explainFailure(e);
            if (reason.isPresent()) {
                LOG.warn("a request could not be computed: {}", reason.get());
                throw WebException.of(500, "not_computed", "the model could not compute the answer: " + reason.get());
            }
            throw e;
        }
    }

    private ObjectNode extension(VideoRef watched, VideoSources.Found video, Answer answer) throws Exception {
        ObjectNode extension = extension(answer.cost());
        extension.set(
                "tokens",
                Json.MAPPER.valueToTree(
                        answer.replies().stream().map(Reply::tokens).toList()));
        extension.set("notes", Json.MAPPER.valueToTree(notes(watched, video)));
        return extension;
    }

    private ObjectNode extension(Cost cost) {
        ObjectNode extension = Json.MAPPER.createObjectNode();
        extension.set("identity", Json.MAPPER.valueToTree(identity));
        extension.set("cost", Json.MAPPER.valueToTree(cost));
        return extension;
    }

    private List<String> notes(VideoRef watched, VideoSources.Found video) throws Exception {
        List<String> notes = new ArrayList<>(told(video, () -> mllm.notes(watched)));
        handle.caveat(List.of(watched)).ifPresent(notes::add);
        return notes.stream()
                .map(note -> video.hide(note).replace(handle.name(), settings.name()))
                .toList();
    }

    private WebAnswer probe(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        YesNo yesNo = mllm.yesNo()
                .orElseThrow(() -> WebException.of(
                        400, "not_supported", "this model can't weigh yes against no; ask it for replies"));
        View view = View.of(asked.fields().required("video"), asked.fields());
        String before = asked.fields().text("before").orElse("");
        List<String> questions = asked.fields().texts("questions", MAX_QUESTIONS);
        try (VideoSources.Found video = videos.find(view, asked.data())) {
            VideoView shown = told(video, () -> view(view, video));
            YesNo.Probabilities answer = turn(request, video, () -> yesNo.probabilities(shown, before, questions));
            metrics.count(answer.promptTokens(), 0, answer.cost().seconds());
            ObjectNode body = Json.MAPPER.createObjectNode();
            body.set("yes", Json.MAPPER.valueToTree(answer.yes()));
            body.set("usage", ChatAnswers.usage(answer.promptTokens(), 0));
            body.set("videotg", extension(answer.cost()));
            return WebAnswer.json(body);
        }
    }

    private WebAnswer grids(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        View view = View.of(asked.fields().required("video"), asked.fields());
        try (VideoSources.Found video = videos.find(view, asked.data())) {
            VideoRef watched = new VideoRef(video.file(), view.clip());
            TemporalGrids grids = told(video, () -> mllm.grids(watched));
            ObjectNode body = Json.MAPPER.valueToTree(grids);
            body.set("notes", Json.MAPPER.valueToTree(notes(watched, video)));
            return WebAnswer.json(body);
        }
    }

    private WebAnswer ground(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        Fields fields = asked.fields();
        View view = View.of(fields.required("video"), fields);
        if (!view.mask().isNone()) {
            throw WebException.parameter("videotg.mask", "is not for this route; use /v1/chat/completions");
        }
        String query = fields.required("query");
        List<String> options = fields.texts("options", MAX_OPTIONS);
        if (query.isBlank() || options.size() == 1) {
            throw WebException.parameter(
                    "query", "say in \"query\" what happens, or give a question and at least two \"options\"");
        }
        int tokens = (int) fields.integer(
                "max_tokens",
                Math.min(STANDARD_TOKENS, settings.model().tokens()),
                1,
                settings.model().tokens());
        try (VideoSources.Found video = videos.find(view, asked.data())) {
            VideoRef watched = told(video, () -> view(view, video)).video();
            Grounding found = turn(
                    request,
                    video,
                    () -> Grounding.of(
                            handle,
                            within(request),
                            new Grounding.Query(watched, query, options, settings.prompt(), tokens)));
            ObjectNode body = Json.MAPPER.valueToTree(found);
            body.put("video", video.title()).put("model", settings.name());
            List<String> notes = notes(watched, video);
            if (!notes.isEmpty()) {
                body.set("notes", Json.MAPPER.valueToTree(notes));
            }
            return WebAnswer.json(body);
        }
    }
}
