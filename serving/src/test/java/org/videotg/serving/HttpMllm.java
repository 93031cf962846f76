package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;

/** The port through the server's extension, as plain as possible: the documentation of the extension as a program. */
final class HttpMllm implements Mllm, YesNo {
    private final Served server;
    private final Map<Path, String> uploads = new ConcurrentHashMap<>();

    HttpMllm(Served server) {
        this.server = server;
    }

    @Override
    public ModelIdentity identity() {
        JsonNode model =
                Json.parse(server.get("v1/models"), "models").path("data").get(0);
        return Json.convert(model.path("videotg").path("identity"), ModelIdentity.class, "identity");
    }

    @Override
    public TemporalGrids grids(VideoRef video) {
        return Json.convert(post("v1/grids", about(VideoView.whole(video))), TemporalGrids.class, "grids");
    }

    @Override
    public Answer ask(Question question, Decoding decoding) {
        ObjectNode request = about(question.view());
        request.set(
                "messages",
                Served.chat(question.before(), request.path("video").asText(), question.after())
                        .get("messages"));
        request.remove("video");
        request.put("n", decoding.samples())
                .put("temperature", decoding.temperature())
                .put("max_tokens", decoding.maxTokens())
                .put("seed", decoding.seed());
        JsonNode answer = post("v1/chat/completions", request);
        List<Reply> replies = new ArrayList<>();
        for (JsonNode choice : answer.path("choices")) {
            replies.add(new Reply(
                    choice.path("message").path("content").asText(),
                    answer.path("videotg").path("tokens").get(replies.size()).asInt(),
                    choice.path("finish_reason").asText().equals("length")));
        }
        return new Answer(
                replies,
                answer.path("usage").path("prompt_tokens").asInt(),
                Json.convert(answer.path("videotg").path("cost"), Cost.class, "cost"));
    }

    @Override
    public Optional<YesNo> yesNo() {
        return Optional.of(this);
    }

    @Override
    public Probabilities probabilities(VideoView view, String before, List<String> questions) {
        ObjectNode request = about(view).put("before", before);
        request.set("questions", Json.MAPPER.valueToTree(questions));
        JsonNode answer = post("v1/probe", request);
        List<Double> yes = new ArrayList<>();
        answer.path("yes").forEach(value -> yes.add(value.asDouble()));
        return new Probabilities(
                yes,
                answer.path("usage").path("prompt_tokens").asInt(),
                Json.convert(answer.path("videotg").path("cost"), Cost.class, "cost"));
    }

    private ObjectNode about(VideoView view) {
        VideoRef video = view.video();
        ObjectNode request = Json.MAPPER
                .createObjectNode()
                .put("model", "small")
                .put("video", uploads.computeIfAbsent(video.file(), this::upload));
        ObjectNode extension = request.putObject("videotg");
        if (!video.clip().isWhole()) {
            ObjectNode clip =
                    extension.putObject("clip").put("start", video.clip().start());
            if (video.clip().isBounded()) {
                clip.put("end", video.clip().end());
            }
        }
        GridMask mask = view.mask();
        if (!mask.isNone()) {
            ObjectNode hidden =
                    extension.putObject("mask").put("mode", mask.mode().id());
            hidden.set(
                    "grids",
                    Json.MAPPER.valueToTree(IntStream.range(0, 10_000)
                            .filter(mask::isMasked)
                            .boxed()
                            .toList()));
        }
        return request;
    }

    private String upload(Path file) {
        try {
            return server.upload(file);
        } catch (IOException e) {
            throw new InputException(file + " can't be read", e);
        }
    }

    private JsonNode post(String path, ObjectNode request) {
        HttpResponse<String> answer = server.post(path, Json.line(request));
        JsonNode body = Json.parse(answer.body(), path);
        if (answer.statusCode() != 200) {
            throw new InputException(body.path("error").path("message").asText());
        }
        return body;
    }

    @Override
    public void close() {}
}
