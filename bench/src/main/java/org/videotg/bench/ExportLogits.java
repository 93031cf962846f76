package org.videotg.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Decoding;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.generate.Generator;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;

/**
 * Saves a checkpoint and writes its logits, for comparison with transformers by
 * {@code bench/reference/check_logits.py}: {@code ExportLogits MODEL OUT DTYPE SHARD_BYTES}. The weights are saved in
 * that type to {@code OUT/model} and loaded from there as float32; {@code OUT/case.json} and
 * {@code OUT/case.safetensors} have the inputs, a prompt with a video of random pixels, the logits of every position,
 * and a greedy reply.
 */
public final class ExportLogits {
    private static final int GRIDS = 3;
    private static final int MAX_TOKENS = 24;

    private ExportLogits() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("ExportLogits MODEL OUT DTYPE SHARD_BYTES", arguments, ExportLogits::run);
    }

    private static void run(String[] arguments) {
        Path out = Path.of(arguments[1]);
        Path saved = out.resolve("model");
        SafetensorsDtype dtype = SafetensorsDtype.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        try (ModelFolder folder = ModelFolder.open(Path.of(arguments[0]));
                Model model = folder.load(torch.ScalarType.Float)) {
            folder.save(
                    saved,
                    model.parameters(),
                    new WeightsWriter(Optional.of(dtype.scalarType()), Long.parseLong(arguments[3])));
        }
        try (ModelFolder folder = ModelFolder.open(saved);
                Model model = folder.load(torch.ScalarType.Float)) {
            answer(folder, model, out);
        }
        System.out.println(out.resolve("case.json"));
    }

    /** Writes inputs, logits and the greedy reply of one prompt. */
    static void answer(ModelFolder folder, Model model, Path out) {
        int merge = model.config().vision().spatialMergeSize();
        int height = 2 * merge;
        int width = 3 * merge;
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            torch.manual_seed(7);
            Tensor patches = torch.rand(
                    (long) GRIDS * height * width, model.config().vision().patchDim());
            GridFeatures features = model.vision().forward(patches, GRIDS, height, width);
            Prefix prefix = folder.chat()
                    .prefix(
                            "when does it happen?",
                            PromptGrids.all(
                                    new double[] {0.3, 1.3, 2.3},
                                    GridSpacing.even(1),
                                    features.gridHeight(),
                                    features.gridWidth()));
            PackedRow row = new PackedRow(prefix, List.of(folder.chat().afterVideo("answer briefly")));
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("pixel_values_videos", patches);
            tensors.put(
                    "logits",
                    model.logits(model.hidden(row, VisualEmbeddings.of(features)))
                            .contiguous());
            SafetensorsWriter.write(out.resolve("case.safetensors"), tensors, Map.of());
            Map<String, Object> inputs = new LinkedHashMap<>();
            inputs.put("inputIds", row.ids());
            inputs.put("positionIds", row.positions());
            inputs.put("videoGridThw", new int[][] {{GRIDS, height, width}});
            Prefix whole = prefix.append(folder.chat().afterVideo("answer briefly"));
            inputs.put(
                    "replyIds",
                    new Generator(model, folder.endTokens())
                            .generate(
                                    new Generator.Prompt(whole, VisualEmbeddings.of(features)),
                                    Decoding.greedy(MAX_TOKENS),
                                    0)
                            .rollouts()
                            .get(0)
                            .ids());
            inputs.put("endTokens", folder.endTokens());
            AtomicFiles.writeString(out.resolve("case.json"), Json.line(inputs));
        }
    }
}
