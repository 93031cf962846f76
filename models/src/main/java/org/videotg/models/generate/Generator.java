package org.videotg.models.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.run.Draw;
import org.videotg.models.Model;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.nn.KvCache;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Draws rollouts from a model. The prompt is prefilled once at batch 1; all rollouts read its keys and values in place.
 * Every draw is a pure function of (seed, key, rollout, token), so rollouts don't depend on each other or on when they
 * are made.
 */
public final class Generator {
    private final Model model;
    private final Set<Integer> endTokens;

    /** @param endTokens ids that end a reply */
    public Generator(Model model, Set<Integer> endTokens) {
        this.model = model;
        this.endTokens = Set.copyOf(endTokens);
    }

    /** The rollouts of a call, and the number of tokens that went through the model. */
    public record Generated(List<SampledReply> rollouts, long tokenForwards) {}

    /**
     * The tokens of one rollout.
     *
     * @param ids tokens, the end token included unless truncated
     * @param logProbs log-probability of each token at temperature 1
     * @param truncated whether the limit of tokens came before an end
     * @param likeliest for each token the likeliest ones in its place; empty unless asked for
     */
    public record SampledReply(int[] ids, float[] logProbs, boolean truncated, List<Likeliest> likeliest) {}

    /** The likeliest tokens in one place, the likeliest first. */
    public record Likeliest(int[] ids, float[] logProbs) {}

    /** Watches rollouts grow. */
    public interface Watcher {
        /**
         * A token was added to a rollout.
         *
         * @param ids all so far
         * @return whether the rollout ends here
         */
        boolean ends(int rollout, int[] ids);
    }

    /**
     * Draws rollouts; with temperature 0 one greedy rollout, repeated. Stop texts are the watcher's affair.
     *
     * @param visual the prompt's visual tokens, or null
     * @param key distinguishes calls with the same seed, for example step and sample
     */
    public Generated generate(Prefix prompt, VisualEmbeddings visual, Decoding decoding, long key) {
        return generate(prompt, visual, decoding, key, null);
    }

    /**
     * Draws rollouts like {@link #generate(Prefix, VisualEmbeddings, Decoding, long)}.
     *
     * @param watcher null for none; what it throws ends the drawing
     */
    Generated generate(Prefix prompt, VisualEmbeddings visual, Decoding decoding, long key, Watcher watcher) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            int count = decoding.temperature() == 0 ? 1 : decoding.samples();
            model.config().text().checkLength(prompt.length(), decoding.maxTokens());
            KvCache.Size size = new KvCache.Size(prompt.length(), count, decoding.maxTokens());
            KvCache cache = new KvCache(model.config().text(), size, model.device(), model.type());
            Tensor hidden = model.prefill(cache, prompt, visual);
            List<State> states = IntStream.range(0, count)
                    .mapToObj(i -> new State(decoding.maxTokens()))
                    .toList();
            int[] alive = IntStream.range(0, count).toArray();
            choose(hidden, alive, states, decoding, key);
            watch(watcher, alive, states);
            long forwards = prompt.length();
            for (int at = 0; ; at++) {
                alive = Arrays.stream(alive)
                        .filter(i -> !states.get(i).ended(endTokens, decoding.maxTokens()))
                        .toArray();
                if (alive.length == 0) {
                    break;
                }
                int[] tokens =
                        Arrays.stream(alive).map(i -> states.get(i).last()).toArray();
                try (PointerScope step = new PointerScope()) {
                    Tensor next = model.step(cache, alive, tokens, prompt.next() + at);
                    choose(next, alive, states, decoding, key);
                }
                watch(watcher, alive, states);
                forwards += alive.length;
            }
            List<SampledReply> rollouts =
                    new ArrayList<>(states.stream().map(s -> s.reply(endTokens)).toList());
            while (rollouts.size() < decoding.samples()) {
                rollouts.add(rollouts.get(0));
            }
            return new Generated(List.copyOf(rollouts), forwards);
        }
    }

    private static void watch(Watcher watcher, int[] alive, List<State> states) {
        if (watcher != null) {
            for (int i : alive) {
                states.get(i).stopped = watcher.ends(i, Arrays.copyOf(states.get(i).ids, states.get(i).length));
            }
        }
    }

    /** @param hidden one row for each live rollout, or one for all at their first token */
    private void choose(Tensor hidden, int[] alive, List<State> states, Decoding decoding, long key) {
        Tensor logProbs =
                model.logits(hidden).to(torch.ScalarType.Float).log_softmax(1).expand(alive.length, -1);
        Tensor chosen;
        if (decoding.temperature() == 0) {
            chosen = logProbs.argmax(new LongOptional(1), true);
        } else {
            double[] draws = Arrays.stream(alive)
                    .mapToDouble(i -> Draw.uniform(decoding.seed(), "token", key, i, states.get(i).length))
                    .toArray();
            chosen = sample(logProbs, decoding.temperature(), decoding.topP(), draws);
        }
        // One copy from the device: ids are exact in float32.
        float[] both = Tensors.toFloats(Tensors.cat(1, chosen.to(torch.ScalarType.Float), logProbs.gather(1, chosen)));
        for (int i = 0; i < alive.length; i++) {
            states.get(alive[i]).add((int) both[2 * i], both[2 * i + 1]);
        }
        if (decoding.alternatives() > 0) {
            addLikeliest(logProbs, Math.min(decoding.alternatives(), (int) logProbs.size(1)), alive, states);
        }
    }

    private static void addLikeliest(Tensor logProbs, int count, int[] alive, List<State> states) {
        T_TensorTensor_T top = logProbs.topk(count);
        float[] values = Tensors.toFloats(top.get0());
        float[] ids = Tensors.toFloats(top.get1().to(torch.ScalarType.Float));
        for (int i = 0; i < alive.length; i++) {
            int[] row = new int[count];
            for (int j = 0; j < count; j++) {
                row[j] = (int) ids[i * count + j];
            }
            states.get(alive[i])
                    .likeliest
                    .add(new Likeliest(row, Arrays.copyOfRange(values, i * count, (i + 1) * count)));
        }
    }

    /**
     * Inverts the cumulative distributions of softmax(logProbs / temperature), computed in float64. With {@code topP}
     * below 1, the tokens after the likeliest ones that together reach it have no mass.
     *
     * @param logProbs [rows, vocabulary]
     * @param draws one in [0, 1) for each row
     * @return [rows, 1]
     */
    static Tensor sample(Tensor logProbs, double temperature, double topP, double[] draws) {
        long last = logProbs.size(1) - 1;
        Tensor probabilities = logProbs.to(torch.ScalarType.Double)
                .div(new Scalar(temperature))
                .softmax(1);
        if (topP < 1) {
            T_TensorTensor_T sorted = probabilities.sort(1, true);
            Tensor before = sorted.get0().cumsum(1).sub(sorted.get0());
            Tensor kept = sorted.get0().mul(before.lt(new Scalar(topP)).to(torch.ScalarType.Double));
            probabilities = probabilities.scatter(1, sorted.get1(), kept);
        }
        Tensor mass = probabilities.cumsum(1);
        Tensor wanted = Tensors.to(Device.of(logProbs), Tensors.doubles(draws, draws.length, 1))
                .mul(mass.narrow(1, last, 1));
        // The first token whose cumulative mass is above the draw; rounding may leave none.
        return torch.searchsorted(mass, wanted, false, true, new StringViewOptional(), new TensorOptional())
                .clamp_max(new Scalar(last));
    }

    private static final class State {
        private final int[] ids;
        private final float[] logProbs;
        private final List<Likeliest> likeliest = new ArrayList<>();
        private int length;
        private boolean stopped;

        State(int capacity) {
            ids = new int[capacity];
            logProbs = new float[capacity];
        }

        void add(int id, float logProb) {
            ids[length] = id;
            logProbs[length++] = logProb;
        }

        int last() {
            return ids[length - 1];
        }

        boolean ended(Set<Integer> endTokens, int limit) {
            return stopped || length == limit || endTokens.contains(last());
        }

        SampledReply reply(Set<Integer> endTokens) {
            return new SampledReply(
                    Arrays.copyOf(ids, length),
                    Arrays.copyOf(logProbs, length),
                    !stopped && !endTokens.contains(last()),
                    List.copyOf(likeliest));
        }
    }
}
