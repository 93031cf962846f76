package org.videotg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.videotg.app.command.VideoTg;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.ChildProcess;
import org.videotg.core.run.ProcessUsage;
import org.videotg.models.PublishedConfigs;
import org.videotg.models.tensor.NativeRuntime;

/**
 * Measures time and peak memory of one {@code ground} at the size of a published model, with random weights:
 * {@code GroundCost MODEL FOLDER VIDEO TOKENS}. The checkpoint is written to the folder once, in bfloat16;
 * {@code ground} then runs in a process of its own. Three more questions about a few frames measure the speed of
 * prefill and decoding; the second and third find their vision features cached. Linux only.
 */
public final class GroundCost {
    private static final Map<String, ObjectNode> MODELS = Map.of(
            "Qwen3-VL-2B", PublishedConfigs.qwen3(28, 2048, 6144, 16, true),
            "Qwen2.5-VL-3B",
                    PublishedConfigs.qwen25(36, 2048, 11008, 16, 2, 151_936, 3420)
                            .put("tie_word_embeddings", true));
    private static final double GIB = 1 << 30;
    private static final String QUERY = "person turns a light on";
    /** Options that limit the frames of a video. */
    private static final String[] FEW = {"--video", "max_frames=8"};

    private GroundCost() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3) {
            measure(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        } else {
            Program.run("GroundCost MODEL FOLDER VIDEO TOKENS", arguments, GroundCost::run);
        }
    }

    private static void run(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[1]).resolve(arguments[0]);
        if (!Files.exists(folder.resolve("model.safetensors.index.json"))) {
            ObjectNode config = MODELS.get(arguments[0]);
            if (config == null) {
                throw new InputException(
                        "unknown model " + arguments[0] + "; known: " + String.join(", ", MODELS.keySet()));
            }
            RandomCheckpoint.write(folder, config);
        }
        List<String> command = List.of(folder.toString(), arguments[2], arguments[3]);
        System.exit(new ChildProcess(GroundCost.class, command, Path.of(arguments[1]), NativeRuntime.threads())
                .run(System.out::println));
    }

    private static void measure(Path model, Path video, int tokens) throws IOException {
        Path features = Files.createTempDirectory(model, "features");
        try {
            JsonNode whole = ground(model, video, features, tokens);
            double peak = ProcessUsage.peakBytes().orElseThrow() / GIB;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d frames, %d prompt tokens, %d reply tokens: %.1f s, peak %.2f GiB%n",
                    model.getFileName(),
                    whole.path("frames").asInt(),
                    whole.path("promptTokens").asInt(),
                    tokens,
                    whole.path("seconds").asDouble(),
                    peak);
            ground(model, video, features, 1, FEW);
            JsonNode once = ground(model, video, features, 1, FEW);
            double prefill = once.path("seconds").asDouble();
            double all =
                    ground(model, video, features, tokens, FEW).path("seconds").asDouble();
            System.out.printf(
                    Locale.ROOT,
                    "%d frames, %d prompt tokens: prefill %.1f tokens/s, decoding %.2f tokens/s%n",
                    once.path("frames").asInt(),
                    once.path("promptTokens").asInt(),
                    once.path("promptTokens").asInt() / prefill,
                    (tokens - 1) / (all - prefill));
        } finally {
            try (var files = Files.list(features)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(features);
        }
    }

    private static JsonNode ground(Path model, Path video, Path features, int tokens, String... more) {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        int code;
        try {
            List<String> arguments = new ArrayList<>(List.of(
                    "ground",
                    video.toString(),
                    QUERY,
                    "--model",
                    model.toString(),
                    "--features",
                    features.toString(),
                    "--max-tokens",
                    String.valueOf(tokens),
                    "--device",
                    "cpu",
                    "--json"));
            arguments.addAll(List.of(more));
            code = VideoTg.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
        }
        if (code != 0) {
            throw new InputException("ground failed, see above");
        }
        return Json.parse(printed.toString(StandardCharsets.UTF_8), "the reply");
    }
}
