package org.videotg.models.qwen3vl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Random weights of a new model, suited to small models. Text: embeddings and matrices are normal with standard
 * deviation 0.05, smaller for those that write to the residual stream. The norms of q and k start above 1: with unit
 * vectors of 32 numbers no head can single out one token among hundreds. Vision: matrices are normal with 1 / sqrt(fan
 * in).
 */
final class RandomWeights {
    private static final double TEXT_STD = 0.05;
    private static final float SHARPNESS = 1.4f;
    /** The initial scale of what DeepStack adds to the visual tokens. */
    private static final double DEEPSTACK_GAIN = 0.05;

    private final ModelConfig config;
    private final Random random;
    private final Map<String, Tensor> shapes;
    private final Map<String, Tensor> made = new LinkedHashMap<>();

    private RandomWeights(ModelConfig config, Random random, Map<String, Tensor> shapes) {
        this.config = config;
        this.random = random;
        this.shapes = shapes;
    }

    /** Draws all parameters in a fixed order; the caller closes them. */
    static ModelParameters draw(ModelConfig config, Random random) {
        try (ModelParameters shapes = config.shapes()) {
            RandomWeights weights = new RandomWeights(config, random, shapes.all());
            weights.text("model.language_model.");
            weights.vision("model.visual.");
            return new ModelParameters("random", weights.made);
        }
    }

    private void text(String model) {
        double residual = TEXT_STD / Math.sqrt(2.0 * config.text().numLayers());
        normal(model + "embed_tokens", TEXT_STD);
        for (int i = 0; i < config.text().numLayers(); i++) {
            String layer = model + "layers." + i + ".";
            constant(layer + "input_layernorm.weight", 1);
            normal(layer + "self_attn.q_proj", TEXT_STD);
            normal(layer + "self_attn.k_proj", TEXT_STD);
            normal(layer + "self_attn.v_proj", TEXT_STD);
            normal(layer + "self_attn.o_proj", residual);
            constant(layer + "self_attn.q_norm.weight", SHARPNESS);
            constant(layer + "self_attn.k_norm.weight", SHARPNESS);
            constant(layer + "post_attention_layernorm.weight", 1);
            normal(layer + "mlp.gate_proj", TEXT_STD);
            normal(layer + "mlp.up_proj", TEXT_STD);
            normal(layer + "mlp.down_proj", residual);
        }
        constant(model + "norm.weight", 1);
    }

    private void vision(String tower) {
        biased(tower + "patch_embed.proj", 1);
        normal(tower + "pos_embed", 0.2);
        double residual = 1 / Math.sqrt(2.0 * config.vision().depth());
        for (int i = 0; i < config.vision().depth(); i++) {
            String block = tower + "blocks." + i + ".";
            norm(block + "norm1");
            norm(block + "norm2");
            biased(block + "attn.qkv", 1);
            biased(block + "attn.proj", residual);
            biased(block + "mlp.linear_fc1", 1);
            biased(block + "mlp.linear_fc2", residual);
        }
        merger(tower + "merger", 1);
        for (int i = 0; i < config.vision().deepstackTaps().size(); i++) {
            merger(tower + "deepstack_merger_list." + i, DEEPSTACK_GAIN);
        }
    }

    /**
     * The units of its first layer have nearly the same weights for all patches that they merge, so that what is learnt
     * at one place of the picture holds for the others; with independent weights a small tower learns very slowly.
     */
    private void merger(String name, double gain) {
        norm(name + ".norm");
        int channels = config.vision().hiddenSize();
        int patches = config.vision().spatialMergeSize() * config.vision().spatialMergeSize();
        int joined = channels * patches;
        float[] values = new float[joined * joined];
        for (int unit = 0; unit < joined; unit++) {
            for (int channel = 0; channel < channels; channel++) {
                double shared = random.nextGaussian() / Math.sqrt(joined);
                for (int patch = 0; patch < patches; patch++) {
                    double own = random.nextGaussian() / Math.sqrt(joined);
                    values[unit * joined + patch * channels + channel] = (float) (shared + 0.1 * own);
                }
            }
        }
        made.put(name + ".linear_fc1.weight", Tensors.floats(Device.CPU, values, joined, joined));
        constant(name + ".linear_fc1.bias", 0);
        biased(name + ".linear_fc2", gain);
    }

    private void norm(String name) {
        constant(name + ".weight", 1);
        constant(name + ".bias", 0);
    }

    private void biased(String name, double gain) {
        Tensor shape = shapes.get(name + ".weight");
        normal(name, gain / Math.sqrt((double) shape.numel() / shape.size(0)));
        constant(name + ".bias", 0);
    }

    private void normal(String name, double std) {
        fill(name + ".weight", () -> std * random.nextGaussian());
    }

    private void constant(String name, float value) {
        fill(name, () -> value);
    }

    private void fill(String name, DoubleSupplier next) {
        long[] shape = Tensors.shape(shapes.get(name));
        float[] values = new float[Math.toIntExact(shapes.get(name).numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) next.getAsDouble();
        }
        made.put(name, Tensors.floats(Device.CPU, values, shape));
    }
}
