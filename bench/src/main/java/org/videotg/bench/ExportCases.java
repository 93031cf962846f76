package org.videotg.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.generate.Generator;
import org.videotg.models.generate.Generator.SampledReply;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;

/**
 * Writes the model's inputs, its logits after the prompt and its greedy replies for the first samples of a dataset, for
 * comparison with transformers by {@code bench/reference/check_checkpoint.py}: {@code ExportCases MODEL DATA COUNT OUT
 * [KEY=VALUE...]} with video options.
 */
public final class ExportCases {
    private static final int MAX_TOKENS = 64;

    private ExportCases() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("ExportCases MODEL DATA COUNT OUT [KEY=VALUE...]", arguments, ExportCases::run);
    }

    private static void run(String[] arguments) {
        Path data = Path.of(arguments[1]);
        Path out = Path.of(arguments[3]);
        List<Sample> samples = Samples.read(data);
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : Arrays.asList(arguments).subList(4, arguments.length)) {
            String[] parts = option.split("=", 2);
            options.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        try (ModelFolder folder = ModelFolder.open(Path.of(arguments[0]), Optional.empty(), VideoOptions.of(options));
                Model model = folder.load(torch.ScalarType.Float)) {
            for (int i = 0; i < Math.min(Integer.parseInt(arguments[2]), samples.size()); i++) {
                Sample sample = samples.get(i);
                rows.add(export(folder, model, Samples.video(data, sample), sample, out, i));
            }
        }
        Jsonl.write(out.resolve("cases.jsonl"), rows);
        System.out.println(rows.size() + " cases in " + out.resolve("cases.jsonl"));
    }

    private static Map<String, Object> export(
            ModelFolder folder, Model model, VideoRef video, Sample sample, Path out, int index) {
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo patched = folder.preprocessor().load(video);
            int grids = patched.grids().size();
            GridFeatures features = model.vision().forward(patched.patches(), grids, patched.height(), patched.width());
            double[] times = patched.grids().grids().stream()
                    .mapToDouble(grid -> grid.timestamp())
                    .toArray();
            PromptTemplate.Text prompt = PromptTemplate.DEFAULT.grounding(sample.query());
            PromptGrids visible =
                    PromptGrids.all(times, patched.spacing(), features.gridHeight(), features.gridWidth());
            Prefix prefix = folder.chat()
                    .prefix(prompt.before(), visible)
                    .append(folder.chat().afterVideo(prompt.after()));
            SampledReply rollout = new Generator(model, folder.endTokens())
                    .generate(
                            new Generator.Prompt(prefix, VisualEmbeddings.of(features)), Decoding.greedy(MAX_TOKENS), 0)
                    .rollouts()
                    .get(0);
            String tensors = "case-" + index + ".safetensors";
            SafetensorsWriter.write(
                    out.resolve(tensors),
                    Map.of(
                            "pixel_values_videos",
                            patched.patches(),
                            "logits",
                            lastLogits(model, prefix, VisualEmbeddings.of(features))),
                    Map.of());
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("inputIds", prefix.ids());
            row.put("positionIds", prefix.positions());
            row.put("videoGridThw", new int[][] {{grids, patched.height(), patched.width()}});
            row.put("secondPerGrid", patched.spacing().seconds());
            row.put("tensorFile", tensors);
            row.put("replyIds", rollout.ids());
            row.put("reply", folder.tokenizer().decode(rollout.ids()));
            return row;
        }
    }

    /** Logits [vocabulary] after the last token of the prompt. */
    private static Tensor lastLogits(Model model, Prefix prefix, VisualEmbeddings visual) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Tensor hidden = model.hidden(new PackedRow(prefix, List.of()), visual);
            return model.logits(hidden.narrow(0, prefix.length() - 1, 1)).squeeze(0);
        }
    }
}
