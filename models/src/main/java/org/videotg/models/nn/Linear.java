package org.videotg.models.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.tensor.Tensors;

/**
 * A linear layer, [..., in] to [..., out]: x W' + bias, and with a low-rank update + scale * (x A') B'. Its tensors
 * live as long as the {@link ModelParameters} they come from.
 *
 * @param weight W, [out, in]
 * @param bias [out], or null
 * @param update of the weight, or null
 */
public record Linear(Tensor weight, Tensor bias, LowRank update) implements Layer {
    /** Rows up to which the weight is multiplied in parts; measured by {@code bench/run FewRows}. */
    private static final long FEW_ROWS = 16;
    /** Elements of a weight from which the parts pay for their calls. */
    private static final long LARGE_WEIGHT = 200_000;
    /** Elements of the result up to which OpenBLAS multiplies without a copy. */
    private static final long SMALL_OUTPUT = 1100;
    /** Multiplications up to which it does. */
    private static final long SMALL_PRODUCT = 1_000_000;

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
        long in = x.size(-1);
        long rows = x.numel() / in;
        if (rows > 0 && rows <= FEW_ROWS && x.is_cpu()) {
            long[] shape = Tensors.shape(x);
            shape[shape.length - 1] = weight.size(0);
            Tensor out = ofFewRows(x.reshape(rows, in), weight).view(shape);
            return bias == null ? out : out.add(bias);
        }
        return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, new TensorOptional(bias));
    }

    /**
     * Returns x W' for a few rows x. OpenBLAS copies the whole weight before it multiplies, which for a few rows takes
     * longer than the product, unless x is a vector or the product small. So the weight is multiplied in parts.
     */
    private static Tensor ofFewRows(Tensor x, Tensor weight) {
        long rows = x.size(0);
        if (rows == 1) {
            return torch.mv(weight, x.view(-1)).unsqueeze(0);
        }
        long in = x.size(1);
        long out = weight.size(0);
        long part = Math.min(out, Math.max(1, Math.min(SMALL_OUTPUT, SMALL_PRODUCT / in) / rows));
        long count = out / part;
        if (count == 1 || in * out < LARGE_WEIGHT) {
            return torch.linear(x, weight);
        }
        long whole = count * part;
        Tensor parts = torch.bmm(
                x.expand(count, rows, in),
                weight.narrow(0, 0, whole).view(count, part, in).transpose(1, 2));
        Tensor product = parts.transpose(0, 1).reshape(rows, whole);
        return whole == out ? product : Tensors.cat(1, product, torch.linear(x, weight.narrow(0, whole, out - whole)));
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
