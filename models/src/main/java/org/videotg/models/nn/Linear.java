package org.videotg.models.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;

/**
 * A linear layer, [..., in] to [..., out]: x W' + bias, and with a low-rank update + scale * (x A') B'. Its tensors
 * live as long as the {@link ModelParameters} they come from.
 *
 * @param weight W, [out, in]
 * @param bias [out], or null
 * @param update of the weight, or null
 */
public record Linear(Tensor weight, Tensor bias, LowRank update) implements Layer {
    /**
     * A low-rank update (LoRA, arXiv 2106.09685).
     *
     * @param down A, [rank, in]
     * @param up B, [out, rank]
     */
    public record LowRank(Tensor down, Tensor up, double scale) {}

    /** Returns a layer with a bias, published as {@code name.weight} and {@code name.bias}. */
    public static Linear biased(ModelParameters parameters, String name, long out, long in) {
        return of(parameters, name, out, in, true);
    }

    /** Returns a layer without bias, published as {@code name.weight}. */
    public static Linear plain(ModelParameters parameters, String name, long out, long in) {
        return of(parameters, name, out, in, false);
    }

    /** Returns a layer with or without a bias. */
    public static Linear of(ModelParameters parameters, String name, long out, long in, boolean bias) {
        String weight = name + ".weight";
        return new Linear(
                parameters.matrix(weight, out, in),
                bias ? parameters.get(name + ".bias", out) : null,
                parameters
                        .update(weight)
                        .map(update -> new LowRank(
                                parameters.all().get(update.down()),
                                parameters.all().get(update.up()),
                                update.scale()))
                        .orElse(null));
    }

    /** Returns x W' + bias; {@code bias} may be null. */
    public static Tensor apply(Tensor x, Tensor weight, Tensor bias) {
        return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, new TensorOptional(bias));
    }

    /** The update is computed in its factors' type and added in the wider type; the output's type does not change. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor out = apply(x, weight, bias);
        if (update == null) {
            return out;
        }
        Tensor added = torch.linear(torch.linear(x.to(update.down.scalar_type()), update.down), update.up)
                .mul(new Scalar(update.scale));
        return out.add(added).to(out.scalar_type());
    }
}
