package org.videotg.models.toyvl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFamily;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.Linear;
import org.videotg.models.nn.PatchEmbedding;
import org.videotg.models.nn.PatchMerger;
import org.videotg.models.nn.RmsNorm;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.PixelBudget;

/** A family that no main class knows: its tower has no blocks, and it announces a video by a word. */
public final class ToyFamily implements ModelFamily {
    /** A folder of the small model whose tokenizer the toy shares. */
    private static final Path SMALL = Path.of("..", "models", "small");

    /**
     * What only this family has.
     *
     * @param word written before a video
     */
    record Settings(String word) {}

    @Override
    public String modelType() {
        return "toy_vl";
    }

    @Override
    public String architecture() {
        return "ToyVl";
    }

    @Override
    public ModelConfig config(JsonFields root) {
        VisionConfig vision = VisionConfig.read(root.section("vision_config"), "gelu_pytorch_tanh", List.of());
        TextConfig text = TextConfig.read(
                root.section("text_config"),
                new TextConfig.Defaults(1, OptionalInt.of(32), 128_000, 1e-6, 10_000, List.of()),
                false,
                false,
                false);
        return ModelConfig.of(this, root, vision, text, new Settings(root.text("word", "video")));
    }

    @Override
    public Set<String> fields() {
        return Set.of("word", "deepstack_visual_indexes", "num_position_embeddings");
    }

    @Override
    public VisionTower vision(ModelConfig config, ModelParameters parameters, String name) {
        VisionConfig vision = config.vision();
        long joined = PatchMerger.joined(vision);
        PatchEmbedding embedding = PatchEmbedding.of(vision, parameters, name + ".patches", true);
        PatchMerger merger = new PatchMerger(
                RmsNorm.of(parameters, name + ".norm", vision.hiddenSize(), 1e-6),
                Linear.biased(parameters, name + ".first", joined, joined),
                Linear.biased(parameters, name + ".second", vision.outHiddenSize(), joined),
                false);
        return new VisionTower() {
            @Override
            public GridFeatures forward(Tensor patches, int grids, int height, int width) {
                int merge = vision.spatialMergeSize();
                Tensor tokens = merger.forward(embedding.forward(patches, grids));
                return new GridFeatures(height / merge, width / merge, tokens, List.of());
            }

            @Override
            public Linear output() {
                return merger.second();
            }
        };
    }

    @Override
    public PreprocessorConfig preprocessor(ModelConfig config, JsonFields file, VideoOptions options) {
        VisionConfig vision = config.vision();
        float[] half = {0.5f, 0.5f, 0.5f};
        return new PreprocessorConfig(
                new FrameSampling.Hf(1, 4, 8),
                FrameDecoder.Colours.FAST,
                List.of(new PreprocessorConfig.Resize(
                        new PixelBudget.WholeClip(4096, 32_768), BicubicResizer.Rounding.EACH_AXIS)),
                vision.patchSize(),
                vision.temporalPatchSize(),
                vision.spatialMergeSize(),
                half,
                half);
    }

    @Override
    public ChatTemplate template(ModelConfig config, Tokenizer tokenizer, VideoOptions options) {
        return new ChatTemplate(tokenizer, options.positions(), "") {
            @Override
            protected void video(SequenceBuilder sequence, String before, PromptGrids video) {
                long[] times = IntStream.of(video.indices()).asLongStream().toArray();
                sequence.text(encode(before + config.settings(Settings.class).word()))
                        .grids(config.videoTokenId(), times, video.height(), video.width());
            }
        };
    }

    /** Writes a checkpoint with random weights into an existing folder. */
    public static void write(Path folder) {
        NativeRuntime.load();
        ObjectNode root = Json.read(SMALL.resolve("config.json"));
        root.put("model_type", "toy_vl").put("word", "look: ").remove("architectures");
        root.withObject("text_config")
                .put("hidden_size", 32)
                .put("intermediate_size", 48)
                .put("num_hidden_layers", 2);
        root.withObject("vision_config").put("hidden_size", 32).put("out_hidden_size", 32);
        AtomicFiles.writeString(folder.resolve("config.json"), Json.pretty(root));
        try {
            for (String name : List.of("tokenizer.json", "generation_config.json")) {
                Files.copy(SMALL.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        try (PointerScope scope = new PointerScope();
                ModelParameters shapes =
                        ModelConfig.read(folder.resolve("config.json")).shapes();
                ModelParameters weights = new ModelParameters("random", random(shapes.all()))) {
            WeightsWriter.DEFAULT.save(folder, weights);
        }
    }

    private static Map<String, Tensor> random(Map<String, Tensor> shapes) {
        torch.manual_seed(3);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            long[] sizes = Tensors.shape(shape);
            weights.put(
                    name,
                    sizes.length == 1 ? torch.ones(sizes) : torch.randn(sizes).mul(new Scalar(0.1)));
        });
        return weights;
    }
}
