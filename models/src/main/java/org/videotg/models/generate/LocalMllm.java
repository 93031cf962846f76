package org.videotg.models.generate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.Limit;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.ReplyListener;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.EncodedVideo;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.nn.KvCache;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;

/**
 * A checkpoint in this process behind the port {@link Mllm}. Several threads may ask: their answers are drawn in one
 * batch, of which each step multiplies the weights with a token of every reply. Beside others, the last bits of an
 * answer's logits depend on what else is asked, so that now and then another token is drawn; a thread that asks alone
 * gets the same answer every time. Questions about one view of a video with nothing before it share its keys and values; they
 * count in token-forwards as if they did not, so that these don't depend on what was asked before.
 */
public final class LocalMllm implements Mllm, YesNo {
    private static final Logger LOG = LoggerFactory.getLogger(LocalMllm.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final ModelFolder folder;
    private final Model model;
    private final FeatureCache cache;
    private final SharedBatch batch;
    /** Used by the thread whose turn it is. */
    private final PrefixCache prefixes = new PrefixCache(Limit.PREFIX_CACHE_BYTES.value());

    private final ModelIdentity identity;
    private final Tensor yesTokens;
    private final Tensor noTokens;

    /**
     * @param folder closed with this object
     * @param features folder of the feature cache
     */
    private LocalMllm(ModelFolder folder, Placement placement, Path features) {
        this.folder = folder;
        this.model = folder.load(placement);
        String fingerprint = folder.fingerprint();
        this.cache = new FeatureCache(features, model, folder.preprocessor());
        this.batch = new SharedBatch(model, folder.endTokens());
        this.identity = new ModelIdentity(
                folder.name(),
                model.config().family().modelType(),
                fingerprint,
                folder.describeVideos(),
                placement.describe());
        this.yesTokens = Tensors.keep(Tensors.ids(model.device(), firstTokens("yes", "Yes")));
        this.noTokens = Tensors.keep(Tensors.ids(model.device(), firstTokens("no", "No")));
    }

    /** Opens and loads a checkpoint in float32 on the CPU, with videos read as the family's authors do. */
    public static LocalMllm open(Path checkpoint, Path features) {
        return open(checkpoint, Optional.empty(), features, VideoOptions.DEFAULT, Placement.CPU);
    }

    /**
     * Opens and loads a checkpoint, with an adapter or without. Warns once that the small model knows the small world
     * only; the command line, which knows the videos, warns by itself.
     */
    public static LocalMllm open(
            Path checkpoint, Optional<Path> adapter, Path features, VideoOptions options, Placement placement) {
        ModelFolder.OpenSettings settings = ModelFolder.OpenSettings.read(checkpoint, adapter, options);
        if (settings.config().isSmall() && WARNED.compareAndSet(false, true)) {
            LOG.warn(
                    "model {} knows the videos of the small world only: its answers about others mean nothing; for these"
                            + " open a general model, such as Qwen/Qwen3-VL-2B-Instruct",
                    checkpoint);
        }
        return open(settings, features, placement);
    }

    /** Opens and loads a checkpoint whose settings have been read. */
    public static LocalMllm open(ModelFolder.OpenSettings settings, Path features, Placement placement) {
        ModelFolder folder = ModelFolder.open(settings);
        return new LocalMllm(folder, placement, features);
    }

    /** The ids of the spellings that are a single token; if there are none, the first token of the first spelling. */
    private int[] firstTokens(String... spellings) {
        int[] single = Stream.of(spellings)
                .map(s -> folder.tokenizer().encode(s))
                .filter(ids -> ids.length == 1)
                .mapToInt(ids -> ids[0])
                .distinct()
                .toArray();
        return single.length > 0 ? single : Arrays.copyOf(folder.tokenizer().encode(spellings[0]), 1);
    }

    @Override
    public ModelIdentity identity() {
        return identity;
    }

    @Override
    public TemporalGrids grids(VideoRef video) {
        return cache.grids(video);
    }

    @Override
    public List<String> notes(VideoRef video) {
        return folder.preprocessor().sample(video).notes();
    }

    @Override
    public Answer ask(Question question, Decoding decoding) {
        return ask(question, decoding, ReplyListener.NONE);
    }

    @Override
    public Answer ask(Question question, Decoding decoding, ReplyListener listener) {
        Cost.Meter meter = Cost.meter();
        int[] after = folder.chat().afterVideo(question.after());
        long key = Draw.bits(
                0,
                question.before() + "\n" + question.after(),
                Draw.key(question.view().video().name()));
        Told told = new Told(listener);
        GrowingReplies growing = new GrowingReplies(folder.tokenizer()::decode, decoding, told);
        boolean watched = !decoding.stop().isEmpty() || listener != ReplyListener.NONE;
        AtomicInteger promptTokens = new AtomicInteger();
        Generator.Request request = new Generator.Request(
                () -> {
                    Generator.Prompt prompt = prompt(question, after, decoding.maxTokens());
                    promptTokens.set(prompt.prefix().length());
                    return prompt;
                },
                decoding,
                key,
                watched ? growing : null);
        SharedBatch.Drawn drawn = batch.draw(request, told::tell);
        List<Reply> replies = growing.replies(drawn.generated().rollouts());
        told.tell();
        Cost cost = new Cost(
                drawn.generated().tokenForwards(),
                drawn.cpuSeconds(),
                meter.cost(0).seconds(),
                0);
        return new Answer(replies, promptTokens.get(), cost);
    }

    /**
     * A video with nothing before it is computed by itself, so that further questions about the view share it, unless it
     * is too long to be kept. What stands before a video, in most prompts the query, is seldom asked again.
     */
    private Generator.Prompt prompt(Question question, int[] after, int maxTokens) {
        checkLength(question.before(), after.length + maxTokens);
        VideoView asked = question.view();
        String features = cache.key(asked.video());
        PrefixCache.Key key = new PrefixCache.Key(features, asked.mask());
        boolean sharing = question.before().isEmpty();
        Optional<PrefixCache.Entry> known = sharing ? prefixes.find(key) : Optional.empty();
        if (known.isPresent()) {
            return prompt(known.get(), after);
        }
        View view = view(asked, question.before(), features);
        KvCache.Size size = new KvCache.Size(view.prefix.length(), 0, 0);
        if (!sharing || !prefixes.holds(KvCache.bytes(model.config().text(), size, model.type()))) {
            return new Generator.Prompt(view.prefix.append(after), view.visual);
        }
        KvCache shared = new KvCache(model.config().text(), size, model.device(), model.type());
        try {
            model.prefill(shared, view.prefix, view.visual);
        } catch (RuntimeException | Error e) {
            shared.close();
            throw e;
        }
        PrefixCache.Entry made = new PrefixCache.Entry(view.prefix, shared);
        prefixes.add(key, made);
        return prompt(made, after);
    }

    private static Generator.Prompt prompt(PrefixCache.Entry entry, int[] after) {
        return new Generator.Prompt(entry.prefix().append(after), null, entry.cache());
    }

    /** Keeps what a listener is to be told until the thread that asked tells it. */
    private static final class Told implements ReplyListener {
        private record Growth(int reply, String text) {}

        private final ReplyListener listener;
        private final Queue<Growth> growths = new ConcurrentLinkedQueue<>();

        Told(ReplyListener listener) {
            this.listener = listener;
        }

        @Override
        public void grown(int reply, String text) {
            growths.add(new Growth(reply, text));
        }

        void tell() {
            for (Growth growth = growths.poll(); growth != null; growth = growths.poll()) {
                listener.grown(growth.reply, growth.text);
            }
        }
    }

    @Override
    public Optional<YesNo> yesNo() {
        return Optional.of(this);
    }

    @Override
    public Probabilities probabilities(VideoView asked, String before, List<String> questions) {
        return batch.exclusively(() -> computeProbabilities(asked, before, questions));
    }

    private Probabilities computeProbabilities(VideoView asked, String before, List<String> questions) {
        Cost.Meter meter = Cost.meter();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            List<int[]> suffixes =
                    questions.stream().map(folder.chat()::afterVideo).toList();
            checkLength(
                    before,
                    suffixes.stream().mapToInt(suffix -> suffix.length).max().orElse(0));
            View view = view(asked, before, cache.key(asked.video()));
            PackedRow row = new PackedRow(view.prefix, suffixes);
            int[] last = new int[questions.size()];
            int at = view.prefix.length();
            for (int i = 0; i < last.length; i++) {
                at += row.suffixes().get(i).length;
                last[i] = at - 1;
            }
            Tensor hidden = model.hidden(row, view.visual).index_select(0, Tensors.ids(model.device(), last));
            Tensor logits = model.logits(hidden).to(torch.ScalarType.Float);
            float[] yes = Tensors.toFloats(logits.index_select(1, yesTokens).logsumexp(new long[] {1}));
            float[] no = Tensors.toFloats(logits.index_select(1, noTokens).logsumexp(new long[] {1}));
            List<Double> probabilities = new ArrayList<>();
            for (int i = 0; i < last.length; i++) {
                probabilities.add(1 / (1 + Math.exp(no[i] - yes[i])));
            }
            return new Probabilities(probabilities, view.prefix.length(), meter.cost(row.length()));
        }
    }

    private record View(Prefix prefix, VisualEmbeddings visual) {}

    /**
     * Refuses a text that is too long by itself, before a video is read.
     *
     * @param further tokens after the video
     */
    private void checkLength(String before, int further) {
        model.config()
                .text()
                .checkLength(folder.chat().prefix(before, PromptGrids.NONE).length(), further);
    }

    /** @param features key of the video's features */
    private View view(VideoView asked, String before, String features) {
        EncodedVideo video = cache.get(asked.video(), features);
        Prefix prefix = folder.chat().prefix(before, video.visible(asked.mask()));
        return new View(prefix, VisualEmbeddings.of(video.features(asked.mask())));
    }

    @Override
    public void close() {
        batch.close();
        prefixes.close();
        cache.close();
        Tensors.release(yesTokens);
        Tensors.release(noTokens);
        model.close();
        folder.close();
    }
}
