package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.VideoFile;

/** A model behind an OpenAI-compatible server: the sampled clip is sent with every question. */
final class OpenAiMllm implements Mllm, YesNo {
    private static final Logger LOG = LoggerFactory.getLogger(OpenAiMllm.class);
    private static final String CHAT = "/chat/completions";
    private static final int LIKELIEST = 20;

    /** Decoding and encoding keep a core busy, and hold a clip in memory. */
    private static final Semaphore ENCODERS = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final ServerClient client;
    private final ServerInfo info;
    private final ServerSettings settings;
    private final ClipSettings clips;
    private final ModelIdentity identity;
    private final AtomicBoolean compared = new AtomicBoolean();

    OpenAiMllm(ServerClient client, ServerInfo info, ServerSettings settings, ClipSettings clips) {
        this.client = client;
        this.info = info;
        this.settings = settings;
        this.clips = clips;
        this.identity = new ModelIdentity(
                info.model(),
                "server " + info.kind().id(),
                info.describe(),
                "video " + info.kind().form(settings.video(), clips, false).id() + " " + clips.describe());
    }

    @Override
    public ModelIdentity identity() {
        return identity;
    }

    @Override
    public TemporalGrids grids(VideoRef video) {
        return SampledClip.of(video, clips).grids();
    }

    @Override
    public List<String> notes(VideoRef video) {
        return VideoFile.open(video.file()).info().notesWithTimes();
    }

    @Override
    public Answer ask(Question question, Decoding decoding) {
        Cost.Meter meter = Cost.meter();
        boolean together = decoding.samples() == 1 || info.kind().knows(ServerKind.Feature.N);
        int each = together ? decoding.samples() : 1;
        List<Reply> replies = new ArrayList<>();
        int promptTokens = 0;
        long totalTokens = 0;
        try (SentVideo sent = encode(question.view())) {
            for (int call = 0; replies.size() < decoding.samples(); call++) {
                ObjectNode request = request(sent, question.before(), question.after(), decoding.maxTokens());
                request.put("temperature", decoding.temperature());
                info.kind().drawPlainly(request);
                if (each > 1) {
                    request.put("n", each);
                }
                if (info.kind().knows(ServerKind.Feature.SEED) && decoding.temperature() > 0) {
                    request.put("seed", seed(decoding.seed(), call));
                }
                ChatAnswer answer = client.ask(CHAT, request, body -> {
                    ChatAnswer read = ChatAnswer.read(body, each);
                    compare(body, sent);
                    return read;
                });
                replies.addAll(answer.replies());
                promptTokens = answer.promptTokens();
                totalTokens += answer.totalTokens();
            }
        }
        return new Answer(replies, promptTokens, cost(meter, totalTokens));
    }

    @Override
    public Optional<YesNo> yesNo() {
        return info.kind().knows(ServerKind.Feature.LOGPROBS) ? Optional.of(this) : Optional.empty();
    }

    /** A request for each question, since the interface has none for several. */
    @Override
    public Probabilities probabilities(VideoView view, String before, List<String> questions) {
        Cost.Meter meter = Cost.meter();
        List<Double> yes = new ArrayList<>();
        int promptTokens = 0;
        long totalTokens = 0;
        try (SentVideo sent = encode(view)) {
            for (String question : questions) {
                ObjectNode request = request(sent, before, question, 1);
                request.put("temperature", 0).put("logprobs", true).put("top_logprobs", LIKELIEST);
                JsonNode answer = client.ask(CHAT, request, body -> {
                    ChatAnswer.yes(body);
                    return body;
                });
                yes.add(ChatAnswer.yes(answer));
                ChatAnswer read = ChatAnswer.read(answer, 1);
                promptTokens = read.promptTokens();
                totalTokens += read.totalTokens();
            }
        }
        return new Probabilities(yes, promptTokens, cost(meter, totalTokens));
    }

    private SentVideo encode(VideoView view) {
        SampledClip clip = SampledClip.of(view.video(), clips);
        boolean drops = !view.mask().isNone() && view.mask().mode() == MaskMode.DROP;
        VideoForm form = info.kind().form(settings.video(), clips, drops);
        ENCODERS.acquireUninterruptibly();
        try {
            return SentVideo.of(
                    view, clip, form, Optional.ofNullable(settings.folder()).map(Path::of));
        } finally {
            ENCODERS.release();
        }
    }

    private ObjectNode request(SentVideo sent, String before, String after, int maxTokens) {
        ObjectNode request = Json.MAPPER.createObjectNode().put("model", info.model());
        ObjectNode message = request.putArray("messages").addObject().put("role", "user");
        message.set("content", sent.between(before, after));
        request.put("max_tokens", maxTokens);
        info.kind().describe(request, sent, clips);
        if (info.kind().knows(ServerKind.Feature.TOKEN_IDS) && !compared.get()) {
            request.put("return_token_ids", true);
        }
        return request;
    }

    /** The number of seconds is of this process; the CPU time of the server is not known. */
    private static Cost cost(Cost.Meter meter, long totalTokens) {
        return new Cost(totalTokens, 0, meter.cost(0).seconds(), 0);
    }

    /** A seed that every server takes: 31 bits. */
    private static int seed(long seed, int call) {
        return (int) (Draw.bits(seed, "server", call) >>> 33);
    }

    private void compare(JsonNode answer, SentVideo sent) {
        if (answer.path("prompt_token_ids").isArray() && compared.compareAndSet(false, true)) {
            VideoTokens.difference(answer.get("prompt_token_ids"), sent, clips)
                    .ifPresent(difference -> LOG.warn("server {}: {}", client.address(), difference));
        }
    }

    @Override
    public void close() {
        // Connections end by themselves.
    }
}
