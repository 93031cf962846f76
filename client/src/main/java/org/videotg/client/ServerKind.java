package org.videotg.client;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;

/** A kind of server: how videos travel to it, and what it knows beyond the least that all have in common. */
public enum ServerKind {
    /** As the server says of itself. */
    AUTO(VideoForm.FRAMES, Set.of()),
    /** {@code videotg serve}, asked by its extension. */
    VIDEOTG(VideoForm.UPLOAD, Set.of(Feature.N, Feature.SEED)),
    /** vLLM. */
    VLLM(VideoForm.URL, Set.of(Feature.N, Feature.SEED, Feature.LOGPROBS, Feature.TOKEN_IDS)),
    /** SGLang. */
    SGLANG(VideoForm.URL, Set.of(Feature.N, Feature.SEED, Feature.LOGPROBS)),
    /** {@code transformers serve}. */
    TRANSFORMERS(VideoForm.SPREAD, Set.of(Feature.SEED)),
    /** Any other server with OpenAI's interface. */
    OPENAI(VideoForm.FRAMES, Set.of(Feature.N, Feature.SEED, Feature.LOGPROBS));

    /** Forms of videos in which no grid can be left out. */
    private static final Set<VideoForm> WITHOUT_GAPS = Set.of(VideoForm.URL, VideoForm.PATH, VideoForm.SPREAD);

    /** What a server may know. */
    enum Feature {
        /** Several replies to one request; without it there is a request for each reply. */
        N,
        /** A seed of sampled replies. */
        SEED,
        /** Probabilities of the likeliest first tokens; without them the reflection form probe is not possible. */
        LOGPROBS,
        /** The token ids of the prompt, which are compared with what is expected. */
        TOKEN_IDS
    }

    /** Qwen3-VL's chat template as videotg writes it: for one message, without the pair around the whole video. */
    private static final String TEMPLATE = """
        {%- for message in messages %}<|im_start|>{{ message.role }}
        {% for part in message.content %}{% if part.type == 'video' %}<|video_pad|>{% elif part.type == 'image' %}\
        <|vision_start|><|image_pad|><|vision_end|>{% elif part.type == 'text' %}{{ part.text }}{% endif %}\
        {% endfor %}<|im_end|>
        {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
        {% endif %}\
        """;

    private final VideoForm form;
    private final Set<Feature> features;

    ServerKind(VideoForm form, Set<Feature> features) {
        this.form = form;
        this.features = features;
    }

    boolean knows(Feature feature) {
        return features.contains(feature);
    }

    /** Returns the form in which a view travels: what the form can't express travels as frames with their times. */
    VideoForm form(VideoForm wanted, ClipSettings clips, boolean dropsGrids) {
        VideoForm chosen = wanted == VideoForm.AUTO ? form : wanted;
        if (dropsGrids && WITHOUT_GAPS.contains(chosen)) {
            return VideoForm.FRAMES;
        }
        return chosen == VideoForm.SPREAD && !clips.isQwen3() ? VideoForm.PATH : chosen;
    }

    /**
     * Adds to a request that the frames of the video are to be taken as they are, with their times, and how the prompt
     * is written where the server lets the client decide.
     */
    void describe(ObjectNode request, SentVideo sent, ClipSettings clips) {
        boolean pictures = sent.form() == VideoForm.FRAMES;
        switch (this) {
            case VLLM -> {
                if (pictures) {
                    return;
                }
                request.putObject("mm_processor_kwargs").put("do_sample_frames", false);
                ObjectNode reading = request.putObject("media_io_kwargs").putObject("video");
                reading.put("num_frames", -1);
                if (sent.form() == VideoForm.SEQUENCE) {
                    double duration = sent.clip().sampled().duration();
                    reading.put("fps", SentVideo.NUMBERED);
                    reading.put("total_num_frames", (int) Math.ceil(SentVideo.NUMBERED * duration) + 1);
                    reading.put("duration", duration);
                    sent.numbers().forEach(reading.putArray("frames_indices")::add);
                }
            }
            case TRANSFORMERS -> {
                ObjectNode prompt = request.putObject("chat_template_kwargs");
                if (sent.form() == VideoForm.SPREAD) {
                    prompt.put("num_frames", sent.clip().sampled().count()).putNull("fps");
                } else if (!pictures) {
                    prompt.put("do_sample_frames", false).putNull("num_frames");
                }
                if (clips.isQwen3() && !clips.outerPair()) {
                    prompt.put("chat_template", TEMPLATE);
                }
            }
            default -> {
                // Other servers have no field for it: the file states its frame rate.
            }
        }
    }

    /** Adds to a request that replies are drawn by temperature alone, whatever the checkpoint's own settings say. */
    void drawPlainly(ObjectNode request) {
        request.put("top_p", 1);
        if (this == VLLM || this == SGLANG) {
            request.put("top_k", -1).put("repetition_penalty", 1);
        }
    }

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
