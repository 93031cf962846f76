package org.videotg.method.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;

/**
 * Judges one sample at a time by asking a multimodal LLM.
 *
 * @param <V> the type of its verdicts
 */
public abstract class Agent<V extends Verdict> {
    protected final Mllm mllm;
    protected final PromptTemplate template;
    private final String name;
    private final Class<V> verdictType;
    private final JsonNode settings;

    /**
     * Makes an agent that asks this model.
     *
     * @param name shown in progress lines; also the purpose of the random draws
     * @param settings recorded in every verdict
     * @param texts of the template that the agent uses; recorded in every verdict as well
     */
    protected Agent(
            String name,
            Class<V> verdictType,
            Mllm mllm,
            PromptTemplate template,
            Object settings,
            List<String> texts) {
        this.name = name;
        this.verdictType = verdictType;
        this.mllm = mllm;
        this.template = template;
        this.settings = recorded(settings, template, texts);
    }

    public final String name() {
        return name;
    }

    public final Class<V> verdictType() {
        return verdictType;
    }

    /** Returns the identity of the model, which every verdict records. */
    public final ModelIdentity model() {
        return mllm.identity();
    }

    /** Returns the settings and prompt texts, which every verdict records. */
    public final JsonNode settings() {
        return settings;
    }

    /** @throws InputException if the template cannot phrase a question for this sample */
    public abstract void checkQuestion(Sample sample);

    /**
     * Asks the model about a sample and returns the verdict.
     *
     * @param video the sample's file and clip
     * @throws InputException if the video can't be read
     */
    public abstract V judge(Sample sample, VideoRef video);

    /** Returns the verdict on a sample that could not be judged. */
    public abstract V failure(Sample sample, Cost cost, String error);

    /** Asks one question about a view of a video. */
    protected final Answer ask(VideoView view, PromptTemplate.Text text, Decoding decoding) {
        return mllm.ask(new Question(view, text.before(), text.after()), decoding);
    }

    /** Returns the seed of the replies about one sample. */
    protected final long seed(long seed, Sample sample) {
        return Draw.bits(seed, name, Draw.key(sample.id()));
    }

    /** Settings and prompt after a round trip through JSON, so that they equal recorded ones. */
    private static JsonNode recorded(Object settings, PromptTemplate template, List<String> texts) {
        ObjectNode node = Json.MAPPER.valueToTree(settings);
        ObjectNode prompt =
                node.putObject("prompt").put("template", template.name()).put("before", template.before());
        prompt.set("after", Json.MAPPER.valueToTree(texts));
        prompt.set("query", Json.MAPPER.valueToTree(template.query()));
        prompt.set("options", Json.MAPPER.valueToTree(template.options()));
        prompt.set("replies", Json.MAPPER.valueToTree(template.replies()));
        prompt.set("parser", Json.MAPPER.valueToTree(template.parser()));
        return Json.parse(Json.line(node), "settings");
    }
}
