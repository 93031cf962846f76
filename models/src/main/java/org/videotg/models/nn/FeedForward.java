package org.videotg.models.nn;

import org.bytedeco.pytorch.global.torch;
import org.videotg.models.checkpoint.ModelParameters;

/** The feed-forward parts of decoder and vision blocks, [..., hidden] to [..., hidden]. */
public final class FeedForward {
    private FeedForward() {}

    /**
     * Returns down(silu(gate(x)) * up(x)), published as {@code gate_proj}, {@code up_proj} and {@code down_proj}.
     *
     * @param inner size between the layers
     */
    public static Layer swiGlu(ModelParameters parameters, String name, long hidden, long inner, boolean bias) {
        Linear gate = Linear.of(parameters, name + ".gate_proj", inner, hidden, bias);
        Linear up = Linear.of(parameters, name + ".up_proj", inner, hidden, bias);
        Linear down = Linear.of(parameters, name + ".down_proj", hidden, inner, bias);
        return x -> down.forward(torch.silu(gate.forward(x)).mul(up.forward(x)));
    }

    /** Returns second(gelu(first(x))) with the tanh form of GELU. */
    public static Layer tanhGelu(Linear first, Linear second) {
        return x -> second.forward(torch.gelu(first.forward(x), "tanh"));
    }
}
