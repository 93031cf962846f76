package org.videotg.models.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.config.TextConfig;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Keys and values of a prefix and of the rollouts that continue it, in one buffer per layer: the rollouts share the
 * prefix without a copy, and a token belongs to the prefix or to one rollout. Lives in the scope it is made in.
 */
public final class KvCache implements AttentionFunction {
    private static final int PREFIX = -1;

    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final Device device;
    /** The rollout of each token, or {@link #PREFIX}. */
    private final int[] rolloutOf;

    private int length;
    private int added;
    private Tensor mask;

    /** @param capacity tokens of the prefix and of all rollouts together */
    public KvCache(TextConfig config, int capacity, Device device, torch.ScalarType type) {
        this.device = device;
        for (int i = 0; i < config.numLayers(); i++) {
            long[] shape = {1, config.numKeyValueHeads(), capacity, config.headDim()};
            keys.add(Tensors.empty(device, type, shape));
            values.add(Tensors.empty(device, type, shape));
        }
        this.rolloutOf = new int[capacity];
    }

    /** Prepares for a forward pass of the prefix; must come before all steps. */
    public void beginPrefix(int tokens) {
        if (length > 0) {
            throw new IllegalStateException("the prefix must be added first, and only once");
        }
        int[] rollouts = new int[tokens];
        Arrays.fill(rollouts, PREFIX);
        begin(rollouts);
        mask = null;
    }

    /** Prepares for a forward pass of one token of each of these rollouts. */
    public void beginStep(int[] rollouts) {
        begin(rollouts);
        int columns = length + rollouts.length;
        float[] additive = new float[rollouts.length * columns];
        for (int i = 0; i < rollouts.length; i++) {
            for (int j = 0; j < columns; j++) {
                boolean visible = rolloutOf[j] == PREFIX || rolloutOf[j] == rollouts[i];
                additive[i * columns + j] = visible ? 0 : Float.NEGATIVE_INFINITY;
            }
        }
        mask = Tensors.floats(device, additive, 1, 1, rollouts.length, columns);
    }

    private void begin(int[] rollouts) {
        if (length + rollouts.length > rolloutOf.length) {
            throw new IllegalStateException("cache of " + rolloutOf.length + " tokens is full");
        }
        System.arraycopy(rollouts, 0, rolloutOf, length, rollouts.length);
        added = rollouts.length;
    }

    /** Ends the forward pass: its tokens stay in the cache. */
    public void end() {
        length += added;
    }

    @Override
    public Tensor attend(int layer, Tensor q, Tensor k, Tensor v) {
        keys.get(layer).narrow(2, length, added).copy_(k);
        values.get(layer).narrow(2, length, added).copy_(v);
        if (mask == null) {
            return AttentionFunction.scaledDotProduct(q, k, v, null, true);
        }
        long all = (long) length + added;
        return AttentionFunction.scaledDotProduct(
                q,
                keys.get(layer).narrow(2, 0, all),
                values.get(layer).narrow(2, 0, all),
                mask.to(q.scalar_type()),
                false);
    }
}
