package org.videotg.app.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Checkpoints with random weights in bfloat16, in shards. The vocabulary must have Qwen's size. A weight is a view of
 * one buffer of normal draws, element [i, j] being draw i + j, so only the tensor being written takes memory. Norms are
 * 1, biases 0, matrices have the standard deviation 1 / sqrt(fan in).
 */
public final class RandomCheckpoints {
    private static final long SHARD_BYTES = 2_000_000_000L;
    /** Tokens of Qwen's vocabulary before the special ones. */
    private static final int WORDS = 151_643;

    private static final List<String> SPECIAL = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|object_ref_start|>",
            "<|object_ref_end|>",
            "<|box_start|>",
            "<|box_end|>",
            "<|quad_start|>",
            "<|quad_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|vision_pad|>",
            "<|image_pad|>",
            "<|video_pad|>");

    private RandomCheckpoints() {}

    /** Writes everything except the weights. */
    public static void writeConfiguration(Path folder, ObjectNode config) {
        AtomicFiles.writeString(folder.resolve("config.json"), Json.pretty(config));
        AtomicFiles.writeString(folder.resolve("tokenizer.json"), tokenizer());
        ObjectNode generation = Json.MAPPER.createObjectNode();
        generation
                .putArray("eos_token_id")
                .add(WORDS + SPECIAL.indexOf("<|im_end|>"))
                .add(WORDS);
        AtomicFiles.writeString(folder.resolve("generation_config.json"), Json.pretty(generation));
    }

    /** Writes the weights beside the configuration. */
    public static void writeWeights(Path folder) {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                ModelParameters wanted =
                        ModelConfig.read(folder.resolve("config.json")).shapes()) {
            try (ModelParameters random = new ModelParameters("random", views(wanted.all()))) {
                new WeightsWriter(Optional.of(torch.ScalarType.BFloat16), SHARD_BYTES).save(folder, random);
            }
        }
    }

    private static Map<String, Tensor> views(Map<String, Tensor> wanted) {
        long longest = wanted.values().stream()
                .mapToLong(tensor -> tensor.size(0) + tensor.numel() / tensor.size(0))
                .max()
                .orElse(1);
        torch.manual_seed(0);
        Tensor draws =
                Tensors.empty(Device.CPU, torch.ScalarType.Float, longest).normal_();
        Map<String, Tensor> views = new LinkedHashMap<>();
        Map<Long, Tensor> scaled = new LinkedHashMap<>();
        wanted.forEach((name, tensor) -> {
            long[] shape = Tensors.shape(tensor);
            if (shape.length == 1) {
                views.put(
                        name,
                        Tensors.empty(Device.CPU, torch.ScalarType.Float, 1)
                                .fill_(new Scalar(name.endsWith(".bias") ? 0 : 1))
                                .expand(shape));
            } else {
                long in = tensor.numel() / shape[0];
                Tensor values = scaled.computeIfAbsent(
                        in, fan -> draws.mul(new Scalar(1 / Math.sqrt(fan))).to(torch.ScalarType.BFloat16));
                views.put(
                        name,
                        values.narrow(0, 0, shape[0] + in - 1).unfold(0, in, 1).view(shape));
            }
        });
        return views;
    }

    /** A tokenizer with Qwen's size and special tokens whose other tokens are single bytes or unused. */
    private static String tokenizer() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int i = 0; i < SPECIAL.size(); i++) {
            added.addObject()
                    .put("id", WORDS + i)
                    .put("content", SPECIAL.get(i))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putNull("normalizer");
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", true);
        root.putNull("post_processor");
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", true);
        ObjectNode model = root.putObject("model")
                .put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false)
                .put("byte_fallback", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int symbol = '!'; vocabulary.size() < 2 * 256; symbol++) {
            vocabulary.put(String.valueOf((char) symbol), vocabulary.size());
        }
        while (vocabulary.size() < WORDS) {
            vocabulary.put("unused" + vocabulary.size(), vocabulary.size());
        }
        model.putArray("merges");
        return Json.line(root);
    }
}
