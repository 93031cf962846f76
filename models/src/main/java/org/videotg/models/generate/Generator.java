package org.videotg.models.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.mllm.Decoding;
import org.videotg.models.Model;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.nn.KvCache;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Draws rollouts from a model. A prompt is prefilled once at batch 1; all its rollouts read its keys and values in place.
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
     * A prompt.
     *
     * @param visual the prompt's visual tokens; null if there are none or {@code beginning} holds them
     * @param beginning keys and values of the beginning of the prompt, or null
     */
    public record Prompt(Prefix prefix, VisualEmbeddings visual, KvCache beginning) {
        /** A prompt of which no beginning is known. */
        public Prompt(Prefix prefix, VisualEmbeddings visual) {
            this(prefix, visual, null);
        }
    }

    /**
     * A prompt and how it is continued. With temperature 0 there is one greedy rollout, repeated.
     *
     * @param prompt called once, when the drawing begins; its tensors are freed soon after
     * @param key distinguishes requests with the same seed, for example step and sample
     * @param watcher null for none; stop texts are its affair; what it throws ends the drawing
     */
    public record Request(Supplier<Prompt> prompt, Decoding decoding, long key, Watcher watcher) {
        /** A request without a watcher. */
        public Request(Supplier<Prompt> prompt, Decoding decoding, long key) {
            this(prompt, decoding, key, null);
        }
    }

    /** Draws the rollouts of one prompt. */
    public Generated generate(Prompt prompt, Decoding decoding, long key) {
        return generate(List.of(new Request(() -> prompt, decoding, key)), 1).get(0);
    }

    /**
     * Draws the rollouts of several prompts. A prompt begins when the rollouts with its own are at most {@code rows},
     * or none is being continued. Which prompts are continued together depends on their order and the rollouts alone.
     *
     * @param rows rollouts that are continued together at most
     * @return one for each request, in their order
     */
    public List<Generated> generate(List<Request> requests, int rows) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard();
                Batch batch = new Batch(model, endTokens)) {
            List<Batch.Member> members = new ArrayList<>();
            while (members.size() < requests.size() || !batch.isEmpty()) {
                while (members.size() < requests.size()
                        && batch.fits(requests.get(members.size()).decoding(), rows)) {
                    members.add(batch.join(requests.get(members.size())));
                }
                if (!batch.isEmpty()) {
                    batch.step();
                }
            }
            return members.stream().map(Batch.Member::generated).toList();
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
}
