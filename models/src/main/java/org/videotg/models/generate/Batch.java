package org.videotg.models.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.run.Draw;
import org.videotg.models.Model;
import org.videotg.models.generate.Generator.Generated;
import org.videotg.models.generate.Generator.Likeliest;
import org.videotg.models.generate.Generator.Request;
import org.videotg.models.generate.Generator.SampledReply;
import org.videotg.models.nn.KvCache;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.tensor.Tensors;

/**
 * Rollouts of several prompts that are drawn together: each step multiplies the weights with one token of every
 * rollout. Prompts join between steps, and leave when their rollouts have ended. A prompt alone is computed as if there
 * were no batch; beside others, the last bits of its logits can differ. Not safe for use by several threads at a time;
 * needs an open scope and no gradients.
 */
final class Batch implements AutoCloseable {
    private final Model model;
    private final Set<Integer> endTokens;
    private final List<Member> members = new ArrayList<>();

    Batch(Model model, Set<Integer> endTokens) {
        this.model = model;
        this.endTokens = endTokens;
    }

    /** A prompt of the batch and its rollouts. */
    final class Member {
        private final Request request;
        private final Prefix prefix;
        private final KvCache cache;
        private final List<State> states;
        private int[] alive;
        private int steps;
        private long forwards;
        private RuntimeException failure;

        private Member(Request request, Prefix prefix) {
            this.request = request;
            this.prefix = prefix;
            Decoding decoding = request.decoding();
            int count = rollouts(decoding);
            model.config().text().checkLength(prefix.length(), decoding.maxTokens());
            this.cache = new KvCache(
                    model.config().text(),
                    new KvCache.Size(prefix.length(), count, decoding.maxTokens()),
                    model.device(),
                    model.type());
            this.forwards = prefix.length();
            this.states = IntStream.range(0, count)
                    .mapToObj(i -> new State(decoding.maxTokens()))
                    .toList();
            this.alive = IntStream.range(0, count).toArray();
        }

        /** Returns the number of its rollouts that go on. */
        int rows() {
            return alive.length;
        }

        boolean isDone() {
            return failure != null || alive.length == 0;
        }

        /** Returns the rollouts, which have ended. */
        Generated generated() {
            if (failure != null) {
                throw failure;
            }
            List<SampledReply> rollouts =
                    new ArrayList<>(states.stream().map(s -> s.reply(endTokens)).toList());
            while (rollouts.size() < request.decoding().samples()) {
                rollouts.add(rollouts.get(0));
            }
            return new Generated(List.copyOf(rollouts), forwards);
        }

        private Model.Advance advance() {
            int[] tokens = Arrays.stream(alive).map(i -> states.get(i).last()).toArray();
            forwards += alive.length;
            return new Model.Advance(cache, alive, tokens, prefix.next() + steps++);
        }

        /** @return one for each live rollout */
        private double[] draws() {
            return Arrays.stream(alive)
                    .mapToDouble(i ->
                            Draw.uniform(request.decoding().seed(), "token", request.key(), i, states.get(i).length))
                    .toArray();
        }

        /**
         * Adds what was chosen for the live rollouts, and lets those go that end.
         *
         * @param logProbs [live rollouts, vocabulary]
         * @param chosen id and log-probability of each row of the batch
         * @param from the first row of this prompt
         */
        private void add(Tensor logProbs, float[] chosen, int from) {
            for (int i = 0; i < alive.length; i++) {
                states.get(alive[i]).add((int) chosen[2 * (from + i)], chosen[2 * (from + i) + 1]);
            }
            Decoding decoding = request.decoding();
            if (decoding.alternatives() > 0) {
                addLikeliest(logProbs, (int) Math.min(decoding.alternatives(), logProbs.size(1)));
            }
            if (request.watcher() != null) {
                try {
                    watch();
                } catch (RuntimeException e) {
                    failure = e;
                }
            }
            alive = Arrays.stream(alive)
                    .filter(i -> !states.get(i).ended(endTokens, decoding.maxTokens()))
                    .toArray();
        }

        private void watch() {
            for (int i : alive) {
                State state = states.get(i);
                state.stopped = request.watcher().ends(i, Arrays.copyOf(state.ids, state.length));
            }
        }

        private void addLikeliest(Tensor logProbs, int count) {
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
    }

    /** Returns how many rollouts are drawn. */
    private static int rollouts(Decoding decoding) {
        return decoding.temperature() == 0 ? 1 : decoding.samples();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Whether with the rollouts of one more prompt there are at most so many; always if there are none. */
    boolean fits(Decoding decoding, int rows) {
        return isEmpty() || rows(members) + rollouts(decoding) <= rows;
    }

    private static int rows(List<Member> members) {
        return members.stream().mapToInt(Member::rows).sum();
    }

    /**
     * Prefills a prompt and draws the first token of its rollouts.
     *
     * @throws org.videotg.core.io.InputException if the prompt is too long, or what making it throws
     */
    Member join(Request request) {
        try (PointerScope scope = new PointerScope()) {
            Generator.Prompt prompt = request.prompt().get();
            Member member = new Member(request, prompt.prefix());
            members.add(member);
            try {
                Tensor last = prompt.beginning() == null
                        ? model.prefill(member.cache, member.prefix, prompt.visual())
                        : model.extend(member.cache, member.prefix, prompt.beginning());
                choose(last, List.of(member));
            } catch (RuntimeException | Error e) {
                leave(member);
                throw e;
            }
            removeDone();
            return member;
        }
    }

    /** Draws the next token of every rollout that goes on. */
    void step() {
        List<Member> advancing = List.copyOf(members);
        try (PointerScope scope = new PointerScope()) {
            choose(model.step(advancing.stream().map(Member::advance).toList()), advancing);
        }
        removeDone();
    }

    /** Removes a prompt whose rollouts need not go on. */
    void leave(Member member) {
        if (members.remove(member)) {
            member.cache.close();
        }
    }

    private void removeDone() {
        members.stream().filter(Member::isDone).toList().forEach(this::leave);
    }

    /** @param hidden one row for each live rollout; one for all at their first token */
    private void choose(Tensor hidden, List<Member> chosen) {
        Tensor logProbs =
                model.logits(hidden).to(torch.ScalarType.Float).log_softmax(1).expand(rows(chosen), -1);
        List<Tensor> tokens = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < chosen.size(); ) {
            Decoding decoding = chosen.get(i).request.decoding();
            List<double[]> draws = new ArrayList<>();
            for (; i < chosen.size() && isAlike(decoding, chosen.get(i).request.decoding()); i++) {
                draws.add(chosen.get(i).draws());
            }
            double[] all = draws.stream().flatMapToDouble(Arrays::stream).toArray();
            Tensor part = logProbs.narrow(0, start, all.length);
            tokens.add(
                    decoding.temperature() == 0
                            ? part.argmax(new LongOptional(1), true)
                            : Generator.sample(part, decoding.temperature(), decoding.topP(), all));
            start += all.length;
        }
        Tensor ids = Tensors.cat(0, tokens.toArray(Tensor[]::new));
        // One copy from the device: ids are exact in float32.
        float[] both = Tensors.toFloats(Tensors.cat(1, ids.to(torch.ScalarType.Float), logProbs.gather(1, ids)));
        int from = 0;
        for (Member member : chosen) {
            int count = member.alive.length;
            member.add(logProbs.narrow(0, from, count), both, from);
            from += count;
        }
    }

    private static boolean isAlike(Decoding one, Decoding other) {
        return one.temperature() == other.temperature() && one.topP() == other.topP();
    }

    @Override
    public void close() {
        List.copyOf(members).forEach(this::leave);
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
