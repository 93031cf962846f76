package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.config.VisionConfig;
import org.videotg.models.config.VisionDesign;
import org.videotg.models.tensor.Tensors;

/** The feed-forward part of a block of the vision tower. */
sealed interface VisionMlp {
    Tensor forward(Tensor x);

    /** The one published under {@code name}. */
    static VisionMlp of(VisionConfig config, Parameters parameters, String name) {
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        if (config.design() instanceof VisionDesign.Windowed) {
            return new SwiGlu(
                    parameters.get(name + ".gate_proj.weight", inner, hidden),
                    parameters.get(name + ".gate_proj.bias", inner),
                    parameters.get(name + ".up_proj.weight", inner, hidden),
                    parameters.get(name + ".up_proj.bias", inner),
                    parameters.get(name + ".down_proj.weight", hidden, inner),
                    parameters.get(name + ".down_proj.bias", hidden));
        }
        return new Gelu(
                parameters.get(name + ".linear_fc1.weight", inner, hidden),
                parameters.get(name + ".linear_fc1.bias", inner),
                parameters.get(name + ".linear_fc2.weight", hidden, inner),
                parameters.get(name + ".linear_fc2.bias", hidden));
    }

    /** Qwen3-VL: Linear, the tanh form of GELU, Linear. */
    record Gelu(Tensor fc1Weight, Tensor fc1Bias, Tensor fc2Weight, Tensor fc2Bias) implements VisionMlp {
        @Override
        public Tensor forward(Tensor x) {
            return Tensors.linear(torch.gelu(Tensors.linear(x, fc1Weight, fc1Bias), "tanh"), fc2Weight, fc2Bias);
        }
    }

    /** Qwen2.5-VL: down(silu(gate(x)) * up(x)), all with bias. */
    record SwiGlu(
            Tensor gateWeight, Tensor gateBias, Tensor upWeight, Tensor upBias, Tensor downWeight, Tensor downBias)
            implements VisionMlp {
        @Override
        public Tensor forward(Tensor x) {
            Tensor inner = torch.silu(Tensors.linear(x, gateWeight, gateBias)).mul(Tensors.linear(x, upWeight, upBias));
            return Tensors.linear(inner, downWeight, downBias);
        }
    }
}
