package org.videotg.method.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;

/** Judges one sample at a time by asking a multimodal LLM. Used by one thread at a time. */
public interface Agent<V extends Verdict> {
    /** What it does, for progress lines and messages. */
    String label();

    Class<V> verdictType();

    /** Who is asked; it stands in every verdict. */
    ModelIdentity model();

    /** Settings and prompt texts; they stand in every verdict. */
    JsonNode settings();

    /** @throws org.videotg.core.io.InputException if the prompt's template has no such question, whatever the video shows */
    void checkAsks(Sample sample);

    /**
     * Asks and judges.
     *
     * @param video the sample's file and clip
     * @throws org.videotg.core.io.InputException if the video can't be read
     */
    V judge(Sample sample, VideoRef video);

    /** The verdict on a sample that could not be judged. */
    V failure(Sample sample, Cost cost, String error);

    /**
     * Settings and prompt as they read back from a file, so that they can be compared with recorded ones.
     *
     * @param asked those texts of the template that the agent asks
     */
    static JsonNode recorded(Object settings, PromptTemplate template, String... asked) {
        ObjectNode node = Json.MAPPER.valueToTree(settings);
        ObjectNode prompt =
                node.putObject("prompt").put("template", template.name()).put("before", template.before());
        prompt.set("after", Json.MAPPER.valueToTree(asked));
        prompt.set("query", Json.MAPPER.valueToTree(template.query()));
        prompt.set("options", Json.MAPPER.valueToTree(template.options()));
        prompt.set("replies", Json.MAPPER.valueToTree(template.replies()));
        prompt.set("parser", Json.MAPPER.valueToTree(template.parser()));
        return Json.parse(Json.line(node), "settings");
    }
}
