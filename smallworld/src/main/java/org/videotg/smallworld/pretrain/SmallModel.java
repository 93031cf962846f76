package org.videotg.smallworld.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.config.Setting;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightFiles;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/** The sizes of the small model, a Qwen3-VL, and the creation of a random checkpoint with these sizes. */
public record SmallModel(
        @Setting(value = "layers of the vision tower", required = true)
        int visionDepth,

        @Setting(value = "width of the vision tower", required = true)
        int visionHidden,

        @Setting(value = "width inside the vision tower's MLPs", required = true)
        int visionIntermediate,

        @Setting(value = "attention heads of the vision tower", required = true)
        int visionHeads,

        @Setting(value = "side of a patch in pixels", required = true)
        int patch,

        @Setting(value = "patches of a visual token along each side", required = true)
        int merge,

        @Setting(value = "learned positions of patches in a frame", required = true)
        int positions,

        @Setting(value = "vision layers after which DeepStack features are taken", required = true)
        List<Integer> taps,

        @Setting(value = "layers of the language model", required = true)
        int layers,

        @Setting(value = "width of the language model", required = true)
        int hidden,

        @Setting(value = "width inside the language model's MLPs", required = true)
        int intermediate,

        @Setting(value = "attention heads of the language model", required = true)
        int heads,

        @Setting(value = "heads of its keys and values", required = true)
        int keyValueHeads,

        @Setting(value = "width of a head", required = true) int headDim,

        @Setting(value = "rotary frequencies of time, height and width", required = true)
        List<Integer> mrope,

        @Setting(value = "base of the rotary frequencies", required = true)
        double ropeTheta,

        @Setting(value = "side of a frame in pixels", required = true)
        int frameSide,

        @Setting(value = "pixel budget of a video, in frames", required = true)
        int budgetFrames) {
    private static final double TEXT_STD = 0.05;
    private static final float SHARPNESS = 1.4f;
    /** The initial scale of what DeepStack adds to the visual tokens. */
    private static final double DEEPSTACK_GAIN = 0.05;

    public SmallModel {
        taps = List.copyOf(taps);
        mrope = List.copyOf(mrope);
    }

    /** Writes a random checkpoint in Hugging Face layout. */
    public void create(Path folder, SmallTokenizer tokenizer, long seed) {
        NativeRuntime.load();
        AtomicFiles.writeString(folder.resolve("config.json"), Json.pretty(config(tokenizer)));
        ObjectNode generation = Json.MAPPER.createObjectNode();
        generation
                .putArray("eos_token_id")
                .add(tokenizer.special("<|im_end|>"))
                .add(tokenizer.special("<|endoftext|>"));
        generation.put("pad_token_id", tokenizer.special("<|endoftext|>"));
        AtomicFiles.writeString(folder.resolve("generation_config.json"), Json.pretty(generation));
        AtomicFiles.writeString(folder.resolve("video_preprocessor_config.json"), Json.pretty(preprocessor()));
        AtomicFiles.writeString(folder.resolve("tokenizer.json"), tokenizer.json());
        AtomicFiles.writeString(folder.resolve("tokenizer_config.json"), Json.pretty(tokenizerConfig()));
        AtomicFiles.writeString(folder.resolve("chat_template.jinja"), CHAT_TEMPLATE);
        try (PointerScope scope = new PointerScope();
                ModelParameters parameters = random(tokenizer.size(), seed)) {
            WeightFiles.save(folder, parameters);
        }
    }

    private static final String CHAT_TEMPLATE = """
            {%- for message in messages %}<|im_start|>{{ message.role }}
            {% if message.content is string %}{{ message.content }}{% else %}\
            {%- for part in message.content %}{% if part.type == 'video' %}<|vision_start|><|video_pad|><|vision_end|>\
            {%- else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>
            {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
            {% endif %}""";

    private ObjectNode config(SmallTokenizer tokenizer) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.putArray("architectures").add("Qwen3VLForConditionalGeneration");
        root.put("model_type", "qwen3_vl")
                .put("dtype", "float32")
                .put("tie_word_embeddings", true)
                .put("image_token_id", tokenizer.special("<|image_pad|>"))
                .put("video_token_id", tokenizer.special("<|video_pad|>"))
                .put("vision_start_token_id", tokenizer.special("<|vision_start|>"))
                .put("vision_end_token_id", tokenizer.special("<|vision_end|>"));
        ObjectNode text = root.putObject("text_config")
                .put("model_type", "qwen3_vl_text")
                .put("vocab_size", tokenizer.size())
                .put("hidden_size", hidden)
                .put("intermediate_size", intermediate)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", keyValueHeads)
                .put("head_dim", headDim)
                .put("hidden_act", "silu")
                .put("rms_norm_eps", 1e-6)
                .put("max_position_embeddings", 32768)
                .put("attention_bias", false)
                .put("tie_word_embeddings", true)
                .put("rope_theta", ropeTheta);
        ObjectNode rope =
                text.putObject("rope_scaling").put("rope_type", "default").put("mrope_interleaved", true);
        rope.set("mrope_section", Json.MAPPER.valueToTree(mrope));
        ObjectNode vision = root.putObject("vision_config")
                .put("model_type", "qwen3_vl")
                .put("depth", visionDepth)
                .put("hidden_size", visionHidden)
                .put("intermediate_size", visionIntermediate)
                .put("num_heads", visionHeads)
                .put("in_channels", 3)
                .put("patch_size", patch)
                .put("temporal_patch_size", 2)
                .put("spatial_merge_size", merge)
                .put("out_hidden_size", hidden)
                .put("num_position_embeddings", positions)
                .put("hidden_act", "gelu_pytorch_tanh");
        vision.set("deepstack_visual_indexes", Json.MAPPER.valueToTree(taps));
        return root;
    }

    private ObjectNode preprocessor() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("video_processor_type", "Qwen3VLVideoProcessor")
                .put("patch_size", patch)
                .put("temporal_patch_size", 2)
                .put("merge_size", merge)
                .put("fps", 2)
                .put("min_frames", 4)
                .put("max_frames", 768)
                .put("do_resize", true)
                .put("do_rescale", true)
                .put("do_normalize", true)
                .put("accurate_colours", true);
        root.putObject("size").put("shortest_edge", 4096).put("longest_edge", frameSide * frameSide * budgetFrames);
        root.putArray("image_mean").add(0.5).add(0.5).add(0.5);
        root.putArray("image_std").add(0.5).add(0.5).add(0.5);
        return root;
    }

    private static ObjectNode tokenizerConfig() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("eos_token", "<|im_end|>")
                .put("pad_token", "<|endoftext|>")
                .put("clean_up_tokenization_spaces", false)
                .put("model_max_length", 32768);
        return root;
    }

    /**
     * Returns random weights. Text: embeddings and matrices are normal with standard deviation 0.05, smaller for those
     * that write to the residual stream. The norms of q and k start above 1: with unit vectors of 32 numbers no head
     * can single out one token among hundreds. Vision: matrices are normal with 1 / sqrt(fan in).
     */
    private ModelParameters random(int vocabulary, long seed) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Random random = Draw.generator(seed, "initial weights");
        String text = "model.language_model.";
        double residual = TEXT_STD / Math.sqrt(2.0 * layers);
        normal(tensors, random, text + "embed_tokens.weight", TEXT_STD, vocabulary, hidden);
        for (int i = 0; i < layers; i++) {
            String name = text + "layers." + i + ".";
            constant(tensors, name + "input_layernorm.weight", 1, hidden);
            normal(tensors, random, name + "self_attn.q_proj.weight", TEXT_STD, heads * ((long) headDim), hidden);
            normal(
                    tensors,
                    random,
                    name + "self_attn.k_proj.weight",
                    TEXT_STD,
                    keyValueHeads * ((long) headDim),
                    hidden);
            normal(
                    tensors,
                    random,
                    name + "self_attn.v_proj.weight",
                    TEXT_STD,
                    keyValueHeads * ((long) headDim),
                    hidden);
            normal(tensors, random, name + "self_attn.o_proj.weight", residual, hidden, heads * ((long) headDim));
            constant(tensors, name + "self_attn.q_norm.weight", SHARPNESS, headDim);
            constant(tensors, name + "self_attn.k_norm.weight", SHARPNESS, headDim);
            constant(tensors, name + "post_attention_layernorm.weight", 1, hidden);
            normal(tensors, random, name + "mlp.gate_proj.weight", TEXT_STD, intermediate, hidden);
            normal(tensors, random, name + "mlp.up_proj.weight", TEXT_STD, intermediate, hidden);
            normal(tensors, random, name + "mlp.down_proj.weight", residual, hidden, intermediate);
        }
        constant(tensors, text + "norm.weight", 1, hidden);
        vision(tensors, random);
        return new ModelParameters("random", tensors);
    }

    private void vision(Map<String, Tensor> tensors, Random random) {
        String name = "model.visual.";
        normal(
                tensors,
                random,
                name + "patch_embed.proj.weight",
                1 / Math.sqrt(6.0 * patch * patch),
                visionHidden,
                3,
                2,
                patch,
                patch);
        constant(tensors, name + "patch_embed.proj.bias", 0, visionHidden);
        normal(tensors, random, name + "pos_embed.weight", 0.2, positions, visionHidden);
        double residual = 1 / Math.sqrt(2.0 * visionDepth);
        for (int i = 0; i < visionDepth; i++) {
            String block = name + "blocks." + i + ".";
            norm(tensors, block + "norm1", visionHidden);
            norm(tensors, block + "norm2", visionHidden);
            biased(tensors, random, block + "attn.qkv", 1, 3 * visionHidden, visionHidden);
            biased(tensors, random, block + "attn.proj", residual, visionHidden, visionHidden);
            biased(tensors, random, block + "mlp.linear_fc1", 1, visionIntermediate, visionHidden);
            biased(tensors, random, block + "mlp.linear_fc2", residual, visionHidden, visionIntermediate);
        }
        int joined = visionHidden * merge * merge;
        merger(tensors, random, name + "merger", visionHidden, joined, 1);
        for (int i = 0; i < taps.size(); i++) {
            merger(tensors, random, name + "deepstack_merger_list." + i, joined, joined, DEEPSTACK_GAIN);
        }
    }

    private void merger(Map<String, Tensor> tensors, Random random, String name, int norm, int joined, double gain) {
        norm(tensors, name + ".norm", norm);
        tensors.put(name + ".linear_fc1.weight", alikeForAllPatches(random, joined));
        constant(tensors, name + ".linear_fc1.bias", 0, joined);
        biased(tensors, random, name + ".linear_fc2", gain, hidden, joined);
    }

    /**
     * Returns a matrix whose units have nearly the same weights for all patches that they merge, so that what is learnt
     * at one place of the picture holds for the others; with independent weights the small tower learns very slowly.
     */
    private Tensor alikeForAllPatches(Random random, int joined) {
        int patches = merge * merge;
        float[] values = new float[joined * joined];
        for (int unit = 0; unit < joined; unit++) {
            for (int channel = 0; channel < visionHidden; channel++) {
                double shared = random.nextGaussian() / Math.sqrt(joined);
                for (int patch = 0; patch < patches; patch++) {
                    double own = random.nextGaussian() / Math.sqrt(joined);
                    values[unit * joined + patch * visionHidden + channel] = (float) (shared + 0.1 * own);
                }
            }
        }
        return Tensors.floats(values, joined, joined);
    }

    private static void norm(Map<String, Tensor> tensors, String name, int size) {
        constant(tensors, name + ".weight", 1, size);
        constant(tensors, name + ".bias", 0, size);
    }

    private static void biased(Map<String, Tensor> tensors, Random random, String name, double gain, int out, int in) {
        linear(tensors, random, name + ".weight", gain, out, in);
        constant(tensors, name + ".bias", 0, out);
    }

    private static void linear(Map<String, Tensor> tensors, Random random, String name, double gain, int out, int in) {
        normal(tensors, random, name, gain / Math.sqrt(in), out, in);
    }

    private static void normal(Map<String, Tensor> tensors, Random random, String name, double std, long... shape) {
        tensors.put(name, fill(shape, () -> (float) (std * random.nextGaussian())));
    }

    private static void constant(Map<String, Tensor> tensors, String name, float value, long... shape) {
        tensors.put(name, fill(shape, () -> value));
    }

    private static Tensor fill(long[] shape, java.util.function.Supplier<Float> next) {
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = next.get();
        }
        return Tensors.floats(values, shape);
    }
}
