package org.videotg.models.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.ReplyListener;
import org.videotg.models.generate.Generator.Likeliest;
import org.videotg.models.generate.Generator.SampledReply;

/** The texts of rollouts while they are drawn: ends them before a stop text, and tells a listener how they grow. */
final class GrowingReplies implements Generator.Watcher {
    /** What the tokenizer puts in the place of a character of which tokens are missing. */
    private static final String INCOMPLETE = "\uFFFD";

    private final Function<int[], String> decode;
    private final Decoding decoding;
    private final ReplyListener listener;
    private final Map<Integer, Integer> told = new LinkedHashMap<>();

    GrowingReplies(Function<int[], String> decode, Decoding decoding, ReplyListener listener) {
        this.decode = decode;
        this.decoding = decoding;
        this.listener = listener;
    }

    @Override
    public boolean ends(int rollout, int[] ids) {
        String text = decode.apply(ids);
        boolean stopped = end(text) < text.length();
        String certain = text.substring(0, Math.min(end(text), text.length() - uncertain(text)));
        tell(rollout, certain);
        return stopped;
    }

    /** Returns the replies, and tells the listener what it does not know of them yet. */
    List<Reply> replies(List<SampledReply> rollouts) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < rollouts.size(); i++) {
            SampledReply rollout = rollouts.get(i);
            String text = decode.apply(rollout.ids());
            String kept = text.substring(0, end(text));
            tell(i, kept);
            replies.add(new Reply(kept, rollout.ids().length, rollout.truncated(), drawn(rollout)));
        }
        return replies;
    }

    private void tell(int rollout, String text) {
        int from = told.getOrDefault(rollout, 0);
        listener.grown(rollout, text.length() > from ? text.substring(from) : "");
        told.put(rollout, Math.max(from, text.length()));
    }

    /** Where the first stop text begins, or the end. */
    private int end(String text) {
        return decoding.stop().stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(text.length());
    }

    /** How many characters at the end may become others, or part of a stop text. */
    private int uncertain(String text) {
        int count = 0;
        while (text.endsWith(INCOMPLETE.repeat(count + 1))) {
            count++;
        }
        for (String stop : decoding.stop()) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > count; length--) {
                if (text.endsWith(stop.substring(0, length))) {
                    count = length;
                }
            }
        }
        return count;
    }

    private List<Reply.Drawn> drawn(SampledReply rollout) {
        if (decoding.alternatives() == Decoding.UNTOLD) {
            return List.of();
        }
        List<Reply.Drawn> drawn = new ArrayList<>();
        for (int i = 0; i < rollout.ids().length; i++) {
            List<Reply.Drawn> alternatives = new ArrayList<>();
            if (i < rollout.likeliest().size()) {
                Likeliest likeliest = rollout.likeliest().get(i);
                for (int j = 0; j < likeliest.ids().length; j++) {
                    alternatives.add(drawn(likeliest.ids()[j], likeliest.logProbs()[j], List.of()));
                }
            }
            drawn.add(drawn(rollout.ids()[i], rollout.logProbs()[i], alternatives));
        }
        return drawn;
    }

    private Reply.Drawn drawn(int id, float logProb, List<Reply.Drawn> alternatives) {
        return new Reply.Drawn(decode.apply(new int[] {id}), logProb, alternatives);
    }
}
