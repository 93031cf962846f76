package org.videotg.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.sample.VideoRef;
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
    private static final int STANDARD_TOKENS = 96;
    private static final int MAX_QUESTIONS = 4096;
    private static final int MAX_OPTIONS = 26;

    private final ServingSettings settings;
    private final Metrics metrics = new Metrics();
    private final ServedModel model;
    private final VideoSources videos;
    private final long started = Instant.now().getEpochSecond();
    private final AtomicLong answers = new AtomicLong();
    private final WebServer server;

    private Serving(ServingSettings settings, Backend.Handle handle, Mllm mllm) {
        this.settings = settings;
        this.model = new ServedModel(settings, handle, mllm, metrics);
        this.videos = new VideoSources(settings.videos());
        try {
            this.server = WebServer.start(settings.web(), routes(), metrics::answered);
        } catch (RuntimeException e) {
            videos.close();
            throw e;
        }
        metrics.gauge("videotg_requests_in_work", "Requests at work or waiting for the model", server::inWork);
        metrics.gauge("videotg_requests_waiting", "Requests waiting for the model", model::waiting);
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
                model) {
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
        ObjectNode listed = models.putArray("data")
                .addObject()
                .put("id", settings.name())
                .put("object", "model")
                .put("created", started)
                .put("owned_by", "videotg");
        listed.set("videotg", model.description());
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

    private WebAnswer chat(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        ChatRequest chat =
                ChatRequest.of(asked.fields(), STANDARD_TOKENS, settings.model().tokens());
        VideoSources.Found video = videos.find(chat.view(), asked.data());
        boolean handedOn = false;
        try {
            Question question = new Question(model.view(chat.view(), video), chat.before(), chat.after());
            ChatAnswers form = new ChatAnswers(
                    "chatcmpl-" + Long.toString(started, 36) + "-" + answers.incrementAndGet(),
                    Instant.now().getEpochSecond(),
                    settings.name());
            if (!chat.stream()) {
                Answer answer = model.ask(request, video, question, chat.decoding(), (reply, text) -> {});
                return WebAnswer.json(
                        form.whole(answer, model.extension(question.view().video(), video, answer)));
            }
            handedOn = true;
            return WebAnswer.events(sink -> {
                try (video) {
                    stream(request, chat, form, new VideoQuestion(video, question), sink);
                }
            });
        } finally {
            if (!handedOn) {
                video.close();
            }
        }
    }

    private record VideoQuestion(VideoSources.Found video, Question question) {}

    private void stream(Request request, ChatRequest chat, ChatAnswers form, VideoQuestion about, EventSink sink)
            throws Exception {
        for (int i = 0; i < chat.decoding().samples(); i++) {
            sink.send(Json.line(form.begin(i)));
        }
        Answer answer = model.ask(request, about.video(), about.question(), chat.decoding(), (reply, text) -> {
            if (!text.isEmpty()) {
                sink.send(Json.line(form.more(reply, text)));
            }
        });
        for (int i = 0; i < answer.replies().size(); i++) {
            sink.send(Json.line(form.end(i, answer.replies().get(i))));
        }
        ObjectNode extension = model.extension(about.question().view().video(), about.video(), answer);
        sink.send(Json.line(form.last(answer, extension, chat.usage())));
        sink.send("[DONE]");
    }

    private WebAnswer probe(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        YesNo yesNo = model.yesNo();
        View view = View.of(asked.fields().required("video"), asked.fields());
        String before = asked.fields().text("before").orElse("");
        List<String> questions = asked.fields().texts("questions", MAX_QUESTIONS);
        try (VideoSources.Found video = videos.find(view, asked.data())) {
            VideoView shown = model.view(view, video);
            YesNo.Probabilities answer =
                    model.probe(request, video, () -> yesNo.probabilities(shown, before, questions));
            ObjectNode body = Json.MAPPER.createObjectNode();
            body.set("yes", Json.MAPPER.valueToTree(answer.yes()));
            body.set("usage", ChatAnswers.usage(answer.promptTokens(), 0));
            body.set("videotg", model.extension(answer.cost()));
            return WebAnswer.json(body);
        }
    }

    private WebAnswer grids(Request request) throws Exception {
        Asked asked = Asked.of(request, settings.name());
        View view = View.of(asked.fields().required("video"), asked.fields());
        try (VideoSources.Found video = videos.find(view, asked.data())) {
            VideoRef watched = new VideoRef(video.file(), view.clip());
            TemporalGrids grids = model.grids(watched, video);
            ObjectNode body = Json.MAPPER.valueToTree(grids);
            body.set("notes", Json.MAPPER.valueToTree(model.notes(watched, video)));
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
            VideoRef watched = model.view(view, video).video();
            Grounding found = model.ground(
                    request, video, new Grounding.Query(watched, query, options, settings.prompt(), tokens));
            ObjectNode body = Json.MAPPER.valueToTree(found);
            body.put("video", video.title()).put("model", settings.name());
            List<String> notes = model.notes(watched, video);
            if (!notes.isEmpty()) {
                body.set("notes", Json.MAPPER.valueToTree(notes));
            }
            return WebAnswer.json(body);
        }
    }
}
