package org.videotg.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.Model;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.config.TextConfig;
import org.videotg.models.nn.AttentionFunction;
import org.videotg.models.nn.PackedAttention;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.gradient.RowPasses;

/**
 * Measures where the time of a training step goes: {@code StepParts MODEL [REPLY]} runs the forward and backward pass
 * of one row of 2,000 tokens of prompt and 8 replies of REPLY tokens, then its parts alone. The step's bound is what
 * its products with weights take alone, each once forward and twice backward: no step over these tokens can be faster
 * with this library. Seconds are CPU time of one thread.
 */
public final class StepParts {
    private static final int PROMPT = 2000;
    private static final int SUFFIXES = 8;
    private static final int TIMES = 5;
    private static final int HEAD_CHUNK = 512;

    private final Model model;
    private final TextConfig config;
    private final int reply;
    private final int tokens;

    private StepParts(Model model, int reply) {
        this.model = model;
        this.config = model.config().text();
        this.reply = reply;
        this.tokens = PROMPT + SUFFIXES * reply;
    }

    public static void main(String[] arguments) throws Exception {
        Program.run("StepParts MODEL [REPLY]", arguments, StepParts::measure);
    }

    private static void measure(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        try (Model model = new Model(config, WeightsReader.load(folder, torch.ScalarType.Float))) {
            model.parameters().all().values().forEach(parameter -> parameter.set_requires_grad(true));
            StepParts parts = new StepParts(model, arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60);
            double step = parts.seconds(parts::step);
            Map<String, Double> seconds = new LinkedHashMap<>();
            seconds.put("weights of the layers", parts.layers());
            seconds.put("weights of the head", parts.seconds(parts::head));
            seconds.put("attention", config.text().numLayers() * parts.seconds(parts::attention));
            seconds.put(
                    "everything else",
                    step
                            - seconds.values().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .sum());
            double bound = seconds.get("weights of the layers") + seconds.get("weights of the head");
            System.out.println("| model | reply | part | CPU s | share |\n|---|---|---|---|---|");
            seconds.forEach((name, time) -> System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %.3f | %.0f%% |%n",
                    folder.getFileName(),
                    parts.reply,
                    name,
                    time,
                    100 * time / step));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | the step, in bounds | %.3f | %.2f |%n",
                    folder.getFileName(),
                    parts.reply,
                    step,
                    step / bound);
        }
    }

    private void step() {
        int words = config.vocabSize() - 4;
        PackedRow row = new PackedRow(
                new SequenceBuilder()
                        .text(IntStream.range(0, PROMPT)
                                .map(i -> (7 * i + 3) % words)
                                .toArray())
                        .build(),
                IntStream.range(0, SUFFIXES)
                        .mapToObj(g -> IntStream.range(0, reply)
                                .map(i -> (11 * i + 13 * g + 5) % words)
                                .toArray())
                        .toList());
        RowPasses.Pass pass = new RowPasses(HEAD_CHUNK, false).forward(model, row, null, 1);
        float[] gradient = new float[reply];
        Arrays.fill(gradient, -1f / reply);
        pass.backward(pass.logProbs().stream().map(each -> gradient).toList());
    }

    /** Returns the time of the products with all weights of the layers. */
    private double layers() {
        long hidden = config.hiddenSize();
        long query = (long) config.numHeads() * config.headDim();
        long key = (long) config.numKeyValueHeads() * config.headDim();
        long inner = config.intermediateSize();
        long[][] weights = {
            {query, hidden},
            {key, hidden},
            {key, hidden},
            {hidden, query},
            {inner, hidden},
            {inner, hidden},
            {hidden, inner}
        };
        double sum = 0;
        for (long[] weight : weights) {
            sum += product(tokens, weight[0], weight[1]);
        }
        return config.numLayers() * sum;
    }

    private double product(long rows, long out, long in) {
        try (PointerScope scope = new PointerScope()) {
            Tensor weight = torch.ones(out, in).requires_grad_(true);
            Tensor x = torch.ones(rows, in).requires_grad_(true);
            Tensor gradient = torch.ones(rows, out);
            // Gradients exist, so that a backward pass adds to them as in a step.
            return seconds(() -> Tensors.backward(torch.linear(x, weight), gradient));
        }
    }

    private void head() {
        long rows = (long) SUFFIXES * reply;
        Tensor gradient = torch.ones(Math.min(HEAD_CHUNK, rows), config.vocabSize());
        Tensor x = torch.ones(rows, config.hiddenSize()).requires_grad_(true);
        for (long from = 0; from < rows; from += HEAD_CHUNK) {
            long count = Math.min(HEAD_CHUNK, rows - from);
            Tensors.backward(model.logits(x.narrow(0, from, count)), gradient.narrow(0, 0, count));
        }
    }

    private void attention() {
        int[] suffixes = new int[SUFFIXES];
        Arrays.fill(suffixes, reply);
        AttentionFunction attention = new PackedAttention(config, PROMPT, suffixes, Device.CPU);
        List<Tensor> heads =
                List.of(heads(config.numHeads()), heads(config.numKeyValueHeads()), heads(config.numKeyValueHeads()));
        Tensors.backward(
                attention.attend(0, heads.get(0), heads.get(1), heads.get(2)),
                torch.ones(1, tokens, (long) config.numHeads() * config.headDim()));
    }

    private Tensor heads(int count) {
        return torch.ones(1, tokens, count, config.headDim()).transpose(1, 2).requires_grad_(true);
    }

    /** Returns the median of some runs after a first one. */
    private double seconds(Runnable work) {
        double[] times = new double[TIMES];
        for (int i = -1; i < TIMES; i++) {
            try (PointerScope scope = new PointerScope()) {
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                work.run();
                if (i >= 0) {
                    times[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
                }
            }
        }
        Arrays.sort(times);
        return times[TIMES / 2];
    }
}
