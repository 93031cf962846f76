package org.videotg.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Reply;

/**
 * The answer to a request for chat completions in OpenAI's form.
 *
 * @param id of the request
 * @param created in seconds since 1970
 */
record ChatAnswers(String id, long created, String model) {
    /** The whole answer. */
    ObjectNode whole(Answer answer, ObjectNode extension) {
        ObjectNode whole = head("chat.completion");
        ArrayNode choices = whole.putArray("choices");
        for (int i = 0; i < answer.replies().size(); i++) {
            Reply reply = answer.replies().get(i);
            ObjectNode choice = choices.addObject().put("index", i);
            choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", reply.text())
                    .putNull("refusal");
            end(choice, reply);
        }
        whole.set("usage", usage(answer));
        whole.set("videotg", extension);
        return whole;
    }

    /** The begin of a reply. */
    ObjectNode begin(int reply) {
        ObjectNode chunk = head("chat.completion.chunk");
        choice(chunk, reply).putObject("delta").put("role", "assistant").put("content", "");
        return chunk;
    }

    /** What was added to a reply. */
    ObjectNode more(int reply, String text) {
        ObjectNode chunk = head("chat.completion.chunk");
        choice(chunk, reply).putObject("delta").put("content", text);
        return chunk;
    }

    /** The end of a reply, with the log-probabilities of all its tokens. */
    ObjectNode end(int number, Reply reply) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = choice(chunk, number);
        choice.putObject("delta");
        end(choice, reply);
        return chunk;
    }

    /** The end of a stream. */
    ObjectNode last(Answer answer, ObjectNode extension, boolean usage) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        if (usage) {
            chunk.set("usage", usage(answer));
        }
        chunk.set("videotg", extension);
        return chunk;
    }

    private ObjectNode head(String object) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode choice(ObjectNode chunk, int reply) {
        return chunk.putArray("choices")
                .addObject()
                .put("index", reply)
                .putNull("finish_reason")
                .putNull("logprobs");
    }

    private static void end(ObjectNode choice, Reply reply) {
        choice.put("finish_reason", reply.truncated() ? "length" : "stop");
        choice.set("logprobs", logProbs(reply.drawn()));
    }

    private static JsonNode logProbs(List<Reply.Drawn> drawn) {
        if (drawn.isEmpty()) {
            return Json.MAPPER.nullNode();
        }
        ObjectNode logProbs = Json.MAPPER.createObjectNode();
        ArrayNode content = logProbs.putArray("content");
        for (Reply.Drawn token : drawn) {
            ObjectNode entry = token(content, token);
            ArrayNode top = entry.putArray("top_logprobs");
            token.alternatives().forEach(alternative -> token(top, alternative));
        }
        return logProbs;
    }

    private static ObjectNode token(ArrayNode list, Reply.Drawn token) {
        ObjectNode entry = list.addObject().put("token", token.text()).put("logprob", token.logProb());
        ArrayNode bytes = entry.putArray("bytes");
        for (byte value : token.text().getBytes(StandardCharsets.UTF_8)) {
            bytes.add(value & 0xff);
        }
        return entry;
    }

    private static ObjectNode usage(Answer answer) {
        return usage(
                answer.promptTokens(),
                answer.replies().stream().mapToInt(Reply::tokens).sum());
    }

    static ObjectNode usage(int prompt, int completion) {
        return Json.MAPPER
                .createObjectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
    }
}
