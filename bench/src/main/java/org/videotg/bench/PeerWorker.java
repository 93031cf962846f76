package org.videotg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.run.ProcessUsage;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.Model;
import org.videotg.models.ModelConfig;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.generate.Generator;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.KvCache;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.training.gradient.RowPasses;

/**
 * Answers the requests of {@code bench/peers/peers.py}: {@code PeerWorker MODEL} reads one JSON object a line from
 * standard input and writes one to standard output, with the CPU and wall seconds of the work, the peak of resident
 * memory and the values that both sides must agree on. Token i of a prompt is (7 i + 3) mod n, token i of
 * suffix g is (11 i + 13 g + 5) mod n, with n the tokens of text. A prompt with a video of {@code grids} temporal grids
 * of {@code side} x {@code side} patches begins with it: a token of text, those that enclose a grid and the grid's. The
 * values of its patches, counted in their order, are (i mod 251) / 125 - 1.
 */
public final class PeerWorker {
    private static final int HEAD_CHUNK = 512;
    /** Tokens of vision, at the end of the vocabulary. */
    private static final int SPECIAL = 4;

    private final Model model;
    private final int vocabulary;
    private final VideoPreprocessor preprocessor;
    /** Of the one video whose tower is not trained, or null. */
    private GridFeatures cached;

    private PeerWorker(Model model) {
        this.model = model;
        ModelConfig config = model.config();
        // The checkpoints have no file for videos, so the family's own settings hold.
        this.preprocessor = new VideoPreprocessor(config.family()
                .preprocessor(
                        config,
                        new JsonFields(Path.of("no file"), Json.MAPPER.createObjectNode()),
                        VideoOptions.DEFAULT));
        this.vocabulary = model.config().text().vocabSize() - SPECIAL;
    }

    public static void main(String[] arguments) throws Exception {
        Program.run("PeerWorker MODEL", arguments, PeerWorker::serve);
    }

    private static void serve(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        try (Model model = new Model(config, WeightsReader.load(folder, torch.ScalarType.Float));
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            PeerWorker worker = new PeerWorker(model);
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                System.out.println(Json.line(worker.answer(Json.parse(line, "standard input"))));
            }
        }
    }

    private ObjectNode answer(JsonNode request) throws IOException {
        boolean gradients = request.path("gradients").asBoolean();
        boolean trainVision = request.path("vision").asText().equals("trained");
        model.parameters()
                .all()
                .forEach((name, parameter) -> parameter.set_requires_grad(
                        gradients && (trainVision || !model.names().isVision(name))));
        // From here on the kernel counts the peak of resident memory anew.
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        double cpu = ProcessUsage.cpuSeconds();
        long start = System.nanoTime();
        ObjectNode answer = Json.MAPPER.createObjectNode();
        double[] values;
        try (PointerScope scope = new PointerScope()) {
            values = work(request);
        }
        answer.put("wall", (System.nanoTime() - start) / 1e9);
        answer.put("cpu", ProcessUsage.cpuSeconds() - cpu);
        answer.put("peak", ProcessUsage.peakBytes().orElse(0));
        Arrays.stream(values).forEach(answer.putArray("values")::add);
        clear();
        return answer;
    }

    /** Returns the values to compare. */
    private double[] work(JsonNode request) {
        String what = request.path("what").asText();
        if (what.equals("video")) {
            return video(Path.of(request.path("file").asText()));
        }
        int prompt = request.path("prompt").asInt();
        int reply = request.path("reply").asInt();
        int group = request.path("group").asInt(1);
        Prefix prefix = prefix(
                prompt, request.path("grids").asInt(), request.path("side").asInt());
        List<int[]> suffixes = suffixes(group, reply);
        return switch (what) {
            case "step" ->
                step(
                        new PackedRow(prefix, suffixes),
                        visual(request),
                        request.path("recompute").asBoolean());
            case "forward" ->
                new double[] {
                    sum(new RowPasses(HEAD_CHUNK, false).logProbs(model, new PackedRow(prefix, suffixes), null, 1))
                };
            case "prefill" -> prefill(prefix);
            case "generate" ->
                generate(prefix, new Decoding(group, request.path("temperature").asDouble(), reply, 1));
            default -> throw new InputException("standard input: unknown work \"" + what + "\"");
        };
    }

    private Prefix prefix(int prompt, int grids, int side) {
        ModelConfig config = model.config();
        int merged = side / config.vision().spatialMergeSize();
        SequenceBuilder sequence = new SequenceBuilder();
        for (int grid = 0; grid < grids; grid++) {
            sequence.text(grid, config.visionStartTokenId())
                    .grid(config.videoTokenId(), merged, merged)
                    .text(config.visionEndTokenId());
        }
        return sequence.text(IntStream.range(0, prompt)
                        .map(i -> (7 * i + 3) % vocabulary)
                        .toArray())
                .build();
    }

    /** Returns the visual tokens of the request's video, or null if it has none. */
    private VisualEmbeddings visual(JsonNode request) {
        int grids = request.path("grids").asInt();
        int side = request.path("side").asInt();
        if (grids == 0) {
            return null;
        }
        boolean trained = request.path("vision").asText().equals("trained");
        return VisualEmbeddings.of(trained ? features(grids, side) : cachedFeatures(grids, side));
    }

    private GridFeatures features(int grids, int side) {
        int rows = grids * side * side;
        int columns = model.config().vision().patchDim();
        Tensor patches = torch.arange(new Scalar((double) rows * columns))
                .remainder(new Scalar(251))
                .div(new Scalar(125))
                .sub(new Scalar(1))
                .reshape(rows, columns);
        return model.vision().forward(patches, grids, side, side);
    }

    /** Returns the features of the one video whose tower is not trained; the first call computes them. */
    private GridFeatures cachedFeatures(int grids, int side) {
        if (cached == null) {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                cached = features(grids, side);
                cached.merged().retainReference();
                cached.deepstack().forEach(Tensor::retainReference);
            }
        }
        return cached;
    }

    /** Returns the sum of the log-probabilities and the norm of the gradients. */
    private double[] step(PackedRow row, VisualEmbeddings visual, boolean recompute) {
        RowPasses.Pass pass = new RowPasses(HEAD_CHUNK, recompute).forward(model, row, visual, 1);
        int tokens = row.length() - row.prefix().length();
        pass.backward(pass.logProbs().stream()
                .map(each -> {
                    float[] gradient = new float[each.length];
                    Arrays.fill(gradient, -1f / tokens);
                    return gradient;
                })
                .toList());
        return new double[] {sum(pass.logProbs()), gradientNorm()};
    }

    /** Returns the number of patches, and the mean and the mean square of their values. */
    private double[] video(Path file) {
        Tensor patches = preprocessor.load(VideoRef.whole(file)).patches();
        return new double[] {
            patches.size(0),
            patches.mean().item_double(),
            patches.square().mean().item_double()
        };
    }

    private double[] prefill(Prefix prefix) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            KvCache.Size size = new KvCache.Size(prefix.length(), 1, 1);
            try (KvCache cache = new KvCache(model.config().text(), size, model.device(), model.type())) {
                Tensor logits = model.logits(model.prefill(cache, prefix, null));
                return new double[] {logits.max().item_double()};
            }
        }
    }

    /** Returns the tokens of a greedy reply; drawn ones cannot be compared. */
    private double[] generate(Prefix prefix, Decoding decoding) {
        Generator.Generated generated =
                new Generator(model, Set.of()).generate(new Generator.Prompt(prefix, null), decoding, 1);
        return decoding.temperature() > 0
                ? new double[0]
                : Arrays.stream(generated.rollouts().get(0).ids())
                        .asDoubleStream()
                        .toArray();
    }

    private List<int[]> suffixes(int group, int reply) {
        return IntStream.range(0, group)
                .mapToObj(g -> IntStream.range(0, reply)
                        .map(i -> (11 * i + 13 * g + 5) % vocabulary)
                        .toArray())
                .toList();
    }

    private double gradientNorm() {
        double sum = 0;
        for (Tensor parameter : model.parameters().all().values()) {
            if (parameter.grad().defined()) {
                double norm = parameter.grad().norm().item_double();
                sum += norm * norm;
            }
        }
        return Math.sqrt(sum);
    }

    private void clear() {
        try (PointerScope scope = new PointerScope()) {
            model.parameters().all().values().stream()
                    .map(Tensor::grad)
                    .filter(Tensor::defined)
                    .forEach(Tensor::zero_);
        }
    }

    private static double sum(List<float[]> logProbs) {
        double sum = 0;
        for (float[] each : logProbs) {
            for (float value : each) {
                sum += value;
            }
        }
        return sum;
    }
}
