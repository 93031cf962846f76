package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.videotg.core.mllm.Reply;

/**
 * The answer of a server to a request for chat completions.
 *
 * @param promptTokens by the server's count
 * @param totalTokens of prompt and replies
 */
record ChatAnswer(List<Reply> replies, int promptTokens, long totalTokens) {
    ChatAnswer {
        replies = List.copyOf(replies);
    }

    /**
     * Reads an answer.
     *
     * @param wanted number of replies
     * @throws ServerClient.AttemptFailed if a reply or the usage is missing
     */
    static ChatAnswer read(JsonNode answer, int wanted) {
        JsonNode choices = answer.path("choices");
        if (choices.size() != wanted) {
            throw new ServerClient.AttemptFailed(
                    "the answer has " + choices.size() + " replies instead of " + wanted, null);
        }
        JsonNode usage = answer.path("usage");
        if (!usage.path("prompt_tokens").canConvertToInt()) {
            throw new ServerClient.AttemptFailed("the answer does not say its usage", null);
        }
        int prompt = usage.path("prompt_tokens").asInt();
        int completion = usage.path("completion_tokens").asInt();
        List<Reply> replies = new ArrayList<>();
        JsonNode counted = answer.path("videotg").path("tokens");
        for (JsonNode choice : choices) {
            boolean truncated = choice.path("finish_reason").asText().equals("length");
            JsonNode content = choice.path("message").path("content");
            if (!content.isTextual() && !truncated) {
                throw new ServerClient.AttemptFailed("a reply has no text", null);
            }
            int tokens = counted.isArray()
                    ? counted.path(replies.size()).asInt()
                    : tokens(choice, (completion + wanted - 1) / wanted);
            replies.add(new Reply(content.asText(""), Math.max(1, tokens), truncated));
        }
        return new ChatAnswer(replies, prompt, (long) prompt + completion);
    }

    /** @param share of the reply in all that were generated, where the server does not count each reply */
    private static int tokens(JsonNode choice, int share) {
        if (choice.path("token_ids").isArray()) {
            return choice.get("token_ids").size();
        }
        return share;
    }

    /**
     * Returns P(yes) / (P(yes) + P(no)) of a reply's first token.
     *
     * @throws ServerClient.AttemptFailed if neither is among the likeliest tokens
     */
    static double yes(JsonNode answer) {
        JsonNode likeliest = answer.path("choices")
                .path(0)
                .path("logprobs")
                .path("content")
                .path(0)
                .path("top_logprobs");
        Map<String, Double> mass = new HashMap<>();
        StreamSupport.stream(likeliest.spliterator(), false)
                .forEach(token -> mass.merge(
                        token.path("token").asText().strip().toLowerCase(Locale.ROOT),
                        Math.exp(token.path("logprob").asDouble(Double.NEGATIVE_INFINITY)),
                        Double::sum));
        double yes = mass.getOrDefault("yes", 0.0);
        double no = mass.getOrDefault("no", 0.0);
        if (!(yes + no > 0)) {
            throw new ServerClient.AttemptFailed("neither yes nor no is among the likeliest first tokens", null);
        }
        return yes / (yes + no);
    }
}
