package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.UnavailableException;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.LosslessClip;
import org.videotg.video.VideoFile;

/**
 * A model behind {@code videotg serve}, asked by its extension: each file is uploaded once, clip and mask are told, and
 * the server samples. Its identity, grids, replies and probabilities are those of the same model in this process.
 */
final class VideotgMllm implements Mllm, YesNo {
    private static final int GONE = 404;
    private static final int REMEMBERED = 10_000;

    private final ServerClient client;
    private final String model;
    private final ModelIdentity identity;
    private final boolean probes;
    private final Map<VideoRef, TemporalGrids> grids = remembered();
    private final Map<VideoFile, String> uploads = remembered();
    private final Object[] uploading =
            IntStream.range(0, 64).mapToObj(i -> new Object()).toArray();

    VideotgMllm(ServerClient client, ServerInfo info) {
        this.client = client;
        this.model = info.model();
        JsonNode extension = info.entry().path("videotg");
        if (!extension.path("identity").isObject()) {
            throw new InputException("server " + client.address().base()
                    + " does not say the identity of its model, as videotg serve does; give another kind");
        }
        this.identity = Json.convert(
                extension.get("identity"),
                ModelIdentity.class,
                client.address().route("/models").toString());
        this.probes = extension.path("probe").asBoolean();
    }

    /** The most recently used ones. */
    private static <K, V> Map<K, V> remembered() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    @Override
    public ModelIdentity identity() {
        return identity;
    }

    @Override
    public TemporalGrids grids(VideoRef video) {
        synchronized (grids) {
            TemporalGrids known = grids.get(video);
            if (known != null) {
                return known;
            }
        }
        TemporalGrids found = asked(
                "/grids",
                VideoView.whole(video),
                address -> Json.MAPPER.createObjectNode().put("model", model).put("video", address),
                answer -> {
                    if (!answer.path("grids").isArray()) {
                        throw new ServerClient.AttemptFailed("the answer has no grids", null);
                    }
                    return Json.convert(answer, TemporalGrids.class, "grids");
                });
        synchronized (grids) {
            grids.put(video, found);
        }
        return found;
    }

    @Override
    public List<String> notes(VideoRef video) {
        return VideoFile.open(video.file()).info().notesWithTimes();
    }

    @Override
    public Answer ask(Question question, Decoding decoding) {
        return asked(
                "/chat/completions",
                question.view(),
                address -> {
                    ObjectNode request = Json.MAPPER.createObjectNode().put("model", model);
                    request.putArray("messages")
                            .addObject()
                            .put("role", "user")
                            .set(
                                    "content",
                                    SentVideo.between(
                                            question.before(), List.of(SentVideo.video(address)), question.after()));
                    return request.put("n", decoding.samples())
                            .put("seed", decoding.seed())
                            .put("temperature", decoding.temperature())
                            .put("max_tokens", decoding.maxTokens());
                },
                answer -> {
                    ChatAnswer read = ChatAnswer.read(answer, decoding.samples());
                    return new Answer(read.replies(), read.promptTokens(), cost(answer));
                });
    }

    @Override
    public Optional<YesNo> yesNo() {
        return probes ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Probabilities probabilities(VideoView view, String before, List<String> questions) {
        return asked(
                "/probe",
                view,
                address -> {
                    ObjectNode request = Json.MAPPER
                            .createObjectNode()
                            .put("model", model)
                            .put("video", address)
                            .put("before", before);
                    questions.forEach(request.putArray("questions")::add);
                    return request;
                },
                answer -> {
                    List<Double> yes = new ArrayList<>();
                    answer.path("yes").forEach(probability -> yes.add(probability.asDouble()));
                    if (yes.size() != questions.size()) {
                        throw new ServerClient.AttemptFailed("the answer has " + yes.size() + " probabilities", null);
                    }
                    return new Probabilities(
                            yes, answer.path("usage").path("prompt_tokens").asInt(), cost(answer));
                });
    }

    /** Asks about an uploaded video; one that the server has removed since is uploaded again. */
    private <T> T asked(
            String route, VideoView view, Function<String, ObjectNode> request, Function<JsonNode, T> reader) {
        VideoFile file = VideoFile.open(view.video().file());
        for (int attempt = 1; ; attempt++) {
            String address = upload(file);
            ObjectNode body = request.apply(address);
            body.set("videotg", extension(view));
            try {
                return client.ask(route, body, answer -> {
                    checkIdentity(answer);
                    return reader.apply(answer);
                });
            } catch (ServerClient.Refusal e) {
                if (e.status() != GONE || !e.code().equals("video_not_found") || attempt > 1) {
                    throw new InputException(view.video() + ": " + e.getMessage(), e);
                }
                synchronized (uploads) {
                    uploads.remove(file);
                }
            }
        }
    }

    private ObjectNode extension(VideoView view) {
        ObjectNode extension = Json.MAPPER.createObjectNode();
        extension.put("name", view.video().file().getFileName().toString());
        if (!view.video().clip().isWhole()) {
            ObjectNode clip = extension.putObject("clip");
            clip.put("start", view.video().clip().start());
            if (Double.isFinite(view.video().clip().end())) {
                clip.put("end", view.video().clip().end());
            }
        }
        if (!view.mask().isNone()) {
            ObjectNode mask = extension.putObject("mask");
            mask.put("mode", view.mask().mode().id());
            ArrayNode masked = mask.putArray("grids");
            int count = grids(view.video()).size();
            IntStream.range(0, count).filter(view.mask()::isMasked).forEach(masked::add);
        }
        return extension;
    }

    /** Another model may be loaded behind the same address while a run goes on. */
    private void checkIdentity(JsonNode answer) {
        JsonNode stated = answer.path("videotg").path("identity");
        if (stated.isObject() && !Json.MAPPER.valueToTree(identity).equals(stated)) {
            throw new UnavailableException(
                    "server " + client.address() + " answers with another model than when the run began; start it with"
                            + " the same one and run the same command again",
                    null);
        }
    }

    private String upload(VideoFile file) {
        String name = file.info().path().getFileName().toString();
        synchronized (uploading[Math.floorMod(file.info().path().hashCode(), uploading.length)]) {
            synchronized (uploads) {
                String known = uploads.get(file);
                if (known != null) {
                    return known;
                }
            }
            if (!Files.exists(file.info().path())) {
                throw new InputException(file.info().path() + " does not exist; check the path");
            }
            String address = send(file, "/videos?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .path("url")
                    .asText();
            synchronized (uploads) {
                uploads.put(file, address);
            }
            return address;
        }
    }

    private JsonNode send(VideoFile file, String route) {
        if (!Files.isDirectory(file.info().path())) {
            return client.upload(route, file.info().path());
        }
        // A folder of frames travels as one file.
        Path clip = SentVideo.temporary(Optional.empty());
        try {
            LosslessClip.copy(file, clip);
            return client.upload(route, clip);
        } finally {
            SentVideo.delete(clip);
        }
    }

    private static Cost cost(JsonNode answer) {
        return Json.convert(answer.path("videotg").path("cost"), Cost.class, "cost");
    }

    @Override
    public void close() {
        // Connections end by themselves.
    }
}
