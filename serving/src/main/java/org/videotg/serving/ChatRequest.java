package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.videotg.core.mllm.Decoding;

/**
 * A request for chat completions.
 *
 * @param before text before the video
 * @param after text after the video
 * @param stream whether the reply is sent as it grows
 * @param usage whether a stream ends with the number of tokens
 */
record ChatRequest(View view, String before, String after, Decoding decoding, boolean stream, boolean usage) {
    private static final int MAX_REPLIES = 128;
    private static final int MAX_ALTERNATIVES = 20;
    private static final int MAX_STOPS = 4;
    private static final double MAX_TEMPERATURE = 100;
    private static final String ONE_MESSAGE =
            "must hold one message of the user, with one video and texts before and after it; this server has no"
                    + " conversations";

    /** @param maxTokens most tokens of all replies to a request together */
    static ChatRequest of(Fields request, int standardTokens, int maxTokens) {
        for (String unknown : List.of(
                "tools",
                "functions",
                "logit_bias",
                "frequency_penalty",
                "presence_penalty",
                "audio",
                "prediction",
                "web_search_options")) {
            request.refuse(unknown, "is not known to this server; leave it out");
        }
        if (!request.object("response_format").text("type").orElse("text").equals("text")) {
            throw request.wrong("response_format", "must be text; this server writes no other");
        }
        Message message = Message.of(request);
        boolean logProbs = request.flag("logprobs");
        long alternatives = request.integer("top_logprobs", 0, 0, MAX_ALTERNATIVES);
        if (alternatives > 0 && !logProbs) {
            throw request.wrong("top_logprobs", "needs \"logprobs\": true");
        }
        long samples = request.integer("n", 1, 1, MAX_REPLIES);
        String limit = request.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        long tokens = request.integer(limit, Math.min(standardTokens, maxTokens), 1, maxTokens);
        if (samples * tokens > maxTokens) {
            throw request.wrong(
                    "n",
                    "times \"" + limit + "\" must be at most " + maxTokens + " tokens, the most this server draws");
        }
        List<String> stop = request.texts("stop", MAX_STOPS);
        if (stop.contains("")) {
            throw request.wrong("stop", "must not hold an empty text");
        }
        Decoding decoding = new Decoding(
                (int) samples,
                request.number("temperature", 0, 0, MAX_TEMPERATURE),
                (int) tokens,
                request.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                request.number("top_p", 1, Double.MIN_NORMAL, 1),
                stop,
                logProbs ? (int) alternatives : Decoding.UNTOLD);
        return new ChatRequest(
                View.of(message.address, request),
                message.before,
                message.after,
                decoding,
                request.flag("stream"),
                request.object("stream_options").flag("include_usage"));
    }

    private record Message(String before, String address, String after) {
        static Message of(Fields request) {
            JsonNode messages = request.node().path("messages");
            if (!messages.isArray()
                    || messages.size() != 1
                    || !(messages.get(0) instanceof ObjectNode message)
                    || !message.path("role").asText().equals("user")
                    || !message.path("content").isArray()) {
                throw request.wrong("messages", ONE_MESSAGE);
            }
            StringBuilder before = new StringBuilder();
            StringBuilder after = new StringBuilder();
            String address = null;
            for (JsonNode part : message.get("content")) {
                if (!(part instanceof ObjectNode object)) {
                    throw request.wrong("messages", ONE_MESSAGE);
                }
                Fields fields = new Fields(object, "messages[0].content.");
                String type = fields.required("type");
                if (type.equals("text")) {
                    (address == null ? before : after).append(fields.required("text"));
                } else if (type.equals("video_url") && address == null) {
                    address = fields.object("video_url").required("url");
                } else {
                    throw request.wrong("messages", ONE_MESSAGE);
                }
            }
            if (address == null) {
                throw request.wrong("messages", ONE_MESSAGE);
            }
            return new Message(before.toString(), address, after.toString());
        }
    }
}
