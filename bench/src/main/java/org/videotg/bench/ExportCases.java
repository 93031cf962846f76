package org.videotg.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.model.QwenVl;
import org.videotg.model.VisualTokens;
import org.videotg.model.embedded.ModelFolder;
import org.videotg.model.generate.Generator;
import org.videotg.model.generate.Rollout;
import org.videotg.model.preprocess.PatchedVideo;
import org.videotg.model.safetensors.SafetensorsWriter;
import org.videotg.model.sequence.Prefix;
import org.videotg.model.sequence.VisibleGrids;
import org.videotg.model.vision.VideoFeatures;

/**
 * Writes, for the first samples of a data set, what we gave to the model and its greedy replies, so that
 * {@code bench/reference/check_checkpoint.py} can ask transformers the same. Arguments: MODEL DATA COUNT OUT.
 */
public final class ExportCases {
    private static final int MAX_TOKENS = 64;

    private ExportCases() {}

    public static void main(String[] arguments) {
        if (arguments.length != 4) {
            System.err.println("usage: ExportCases MODEL DATA COUNT OUT");
            System.exit(2);
        }
        Path data = Path.of(arguments[1]);
        Path out = Path.of(arguments[3]);
        List<Sample> samples = Samples.read(data);
        List<Map<String, Object>> rows = new ArrayList<>();
        try (ModelFolder folder = ModelFolder.open(Path.of(arguments[0]))) {
            QwenVl model = folder.load(torch.ScalarType.Float);
            for (int i = 0; i < Math.min(Integer.parseInt(arguments[2]), samples.size()); i++) {
                Sample sample = samples.get(i);
                rows.add(export(folder, model, Samples.resolve(data, sample), sample, out, i));
            }
            model.parameters().close();
        }
        Jsonl.write(out.resolve("cases.jsonl"), rows);
        System.out.println(rows.size() + " cases in " + out.resolve("cases.jsonl"));
    }

    private static Map<String, Object> export(ModelFolder folder, QwenVl model, Path video, Sample sample, Path out, int index) {
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo patched = folder.preprocessor().load(video);
            int grids = patched.grids().size();
            VideoFeatures features = model.vision().forward(patched.patches(), grids, patched.height(), patched.width());
            double[] times = patched.grids().grids().stream().mapToDouble(grid -> grid.timestamp()).toArray();
            VisibleGrids visible = VisibleGrids.all(times, patched.secondsPerGrid(), features.gridHeight(), features.gridWidth());
            PromptTemplate prompt = PromptTemplate.OWN;
            Prefix prefix = folder.chat().untilVideo(prompt.beforeVideo(sample.query()), visible)
                    .append(folder.chat().afterVideo(prompt.ground()));
            Rollout rollout = new Generator(model, folder.endTokens())
                    .generate(prefix, VisualTokens.of(features), Decoding.greedy(MAX_TOKENS), 0).rollouts().get(0);
            String pixels = "pixels-" + index + ".safetensors";
            SafetensorsWriter.write(out.resolve(pixels), Map.of("pixel_values_videos", patched.patches()), Map.of());
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("inputIds", prefix.ids());
            row.put("positionIds", prefix.positions());
            row.put("videoGridThw", new int[][] {{grids, patched.height(), patched.width()}});
            row.put("pixelFile", pixels);
            row.put("replyIds", rollout.ids());
            row.put("reply", folder.tokenizer().decode(rollout.ids()));
            return row;
        }
    }
}
