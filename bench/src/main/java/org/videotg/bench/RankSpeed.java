package org.videotg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.run.Launch;
import org.videotg.training.run.RunFolder;
import org.videotg.training.run.Supervisor;
import org.videotg.training.run.TrainingPlan;

/**
 * Measures how one and two ranks of one thread each train a model with random weights:
 * {@code RankSpeed OUT [STEPS] [ROUNDS] [LAYERS] [KEY=VALUE ...]}. Runs of one and of two ranks alternate. A run's line
 * states processor time of all ranks and time for each step after the first, and for each rank the seconds that it
 * joined, waited for the others and exchanged tensors. On a busy machine the processor time tells more: the last line
 * states twice that of one rank over that of two.
 */
public final class RankSpeed {
    private static final Path SMALL = Path.of("models/small");
    private static final int HIDDEN = 512;

    private RankSpeed() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("RankSpeed OUT [STEPS] [ROUNDS] [LAYERS] [KEY=VALUE ...]", arguments, RankSpeed::run);
        System.exit(0);
    }

    private static void run(String[] given) throws IOException {
        Path out = Path.of(given[0]);
        int steps = given.length > 1 ? Integer.parseInt(given[1]) : 5;
        int rounds = given.length > 2 ? Integer.parseInt(given[2]) : 2;
        int layers = given.length > 3 ? Integer.parseInt(given[3]) : 10;
        Path model = out.resolve("model-" + layers);
        if (!Files.exists(model.resolve("model.safetensors"))) {
            model(model, layers);
        }
        Path data = out.resolve("world/train.jsonl");
        if (!Files.exists(data)) {
            Trial world = Trial.run(
                    List.of(("world --videos 24 --test 4 --seed 5 --domain target --out " + out.resolve("world"))
                            .split(" ")),
                    Duration.ofMinutes(20));
            if (world.code() != 0) {
                throw new InputException("the world can't be made: " + world.err());
            }
        }
        List<String> settings = new ArrayList<>(List.of(
                "model=" + model,
                "data=" + data,
                "features=" + out.resolve("features-" + layers),
                "epochs=0",
                "steps=" + steps,
                "log.tensorboard=false"));
        settings.addAll(List.of(given).subList(Math.min(4, given.length), given.length));
        double[] processor = new double[2];
        for (int round = 0; round <= rounds; round++) {
            for (int ranks = 1; ranks <= 2; ranks++) {
                double spent = train(out.resolve("run"), settings, ranks, round > 0);
                // The first round fills the cache of features.
                processor[ranks - 1] += round > 0 ? spent : 0;
            }
        }
        System.out.printf(
                Locale.ROOT, "throughput of 2 ranks over 1 by processor time: %.3f%n", 2 * processor[0] / processor[1]);
    }

    /** Returns the processor seconds of a step, of all ranks together. */
    private static double train(Path folder, List<String> settings, int ranks, boolean told) {
        AtomicFiles.deleteTree(folder);
        Recipe recipe = Recipe.read(Path.of("recipes/sft.yaml"), settings);
        List<String> lines = new ArrayList<>();
        int code = new Supervisor(
                        new TrainingPlan(recipe, folder, List.of()),
                        new Launch(ranks, Optional.empty(), OptionalInt.of(0)),
                        lines::add)
                .run(false);
        if (code != 0) {
            throw new InputException("the training failed: " + lines);
        }
        List<JsonNode> rows = Jsonl.read(new RunFolder(folder).metrics()).stream()
                .map(Jsonl.Row::node)
                .toList();
        JsonNode last = rows.get(rows.size() - 1);
        double processor = perStep(rows, "cpuSeconds");
        if (told) {
            System.out.printf(
                    Locale.ROOT,
                    "%d ranks: %.2f processor seconds and %.2f s a step, first step after %.1f s; loss %s%s%n",
                    ranks,
                    processor,
                    perStep(rows, "seconds"),
                    rows.get(0).path("seconds").doubleValue(),
                    last.path("loss"),
                    Optional.of(Json.read(new RunFolder(folder).compute()).path("ranks"))
                            .filter(JsonNode::isArray)
                            .map(each -> "; ranks " + each)
                            .orElse(""));
        }
        return processor;
    }

    private static double perStep(List<JsonNode> rows, String name) {
        return (rows.get(rows.size() - 1).path(name).doubleValue()
                        - rows.get(0).path(name).doubleValue())
                / (rows.size() - 1);
    }

    /** Writes a model of the small model's kind, with its tokenizer, that is four times as wide. */
    private static void model(Path folder, int layers) throws IOException {
        NativeRuntime.load();
        try (Stream<Path> files = Files.list(SMALL)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith("model") && !name.startsWith("checksums") && !name.startsWith(".")) {
                    AtomicFiles.write(folder.resolve(name), target -> Files.copy(file, target));
                }
            }
        }
        ObjectNode config = Json.read(SMALL.resolve("config.json"));
        ObjectNode text = (ObjectNode) config.get("text_config");
        text.put("hidden_size", HIDDEN)
                .put("intermediate_size", 1408)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", 8)
                .put("num_key_value_heads", 4)
                .put("head_dim", 64);
        ((ObjectNode) text.get("rope_scaling"))
                .putArray("mrope_section")
                .add(12)
                .add(10)
                .add(10);
        ((ObjectNode) config.get("vision_config")).put("out_hidden_size", HIDDEN);
        AtomicFiles.writeString(folder.resolve("config.json"), Json.pretty(config));
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                ModelParameters wanted =
                        ModelConfig.read(folder.resolve("config.json")).shapes()) {
            torch.manual_seed(0);
            Map<String, Tensor> random = new LinkedHashMap<>();
            wanted.all().forEach((name, tensor) -> {
                long[] shape = Tensors.shape(tensor);
                random.put(
                        name,
                        shape.length == 1
                                ? torch.ones(shape)
                                : torch.randn(shape).mul(new Scalar(0.02)));
            });
            System.out.printf(
                    Locale.ROOT,
                    "%.1f million parameters%n",
                    random.values().stream().mapToLong(Tensor::numel).sum() / 1e6);
            try (ModelParameters parameters = new ModelParameters("random", random)) {
                WeightsWriter.DEFAULT.save(folder, parameters);
            }
        }
    }
}
