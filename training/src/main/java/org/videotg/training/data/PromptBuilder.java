package org.videotg.training.data;

import java.util.Optional;
import org.videotg.core.grid.GridMask;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.method.curriculum.MaskCurriculum;
import org.videotg.models.EncodedVideo;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.VisualEmbeddings;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Prefix;
import org.videotg.training.data.TrainingData.Example;

/**
 * Builds prompts for training: the chat template around a video whose temporal grids the curriculum masks. Safe for use
 * by several threads.
 */
public final class PromptBuilder {
    private final ChatTemplate chat;
    private final PromptTemplate template;
    private final VideoEncoder encoder;
    private final Optional<MaskCurriculum> curriculum;
    private final MaskProgress masks;

    /**
     * A prompt as tokens and visual tokens.
     *
     * @param visual null if every grid is dropped
     * @param maskRatio share of the video's temporal grids that is masked
     */
    public record Prompt(Prefix prefix, VisualEmbeddings visual, double maskRatio) {}

    /** Encodes the videos of examples. */
    @FunctionalInterface
    public interface VideoEncoder {
        /** Returns the features of the example's video for a pass of that step; they belong to the open scope. */
        EncodedVideo encode(Model model, Example example, long step);

        /** Returns an encoder that reads the cached features of a frozen vision tower, without gradients. */
        static VideoEncoder frozen(FeatureCache cache) {
            return (model, example, step) -> cache.get(example.video());
        }

        /** Returns an encoder that runs the model's vision tower, with gradients where they are enabled. */
        static VideoEncoder trained(VideoPreprocessor preprocessor) {
            return (model, example, step) -> FeatureCache.encode(model.vision(), preprocessor, example.video());
        }

        /** The same where a step has several passes over a video. */
        static VideoEncoder trained(VideoPreprocessor preprocessor, StepVideos videos) {
            return (model, example, step) ->
                    FeatureCache.encode(model.vision(), preprocessor, videos.get(example.video(), step));
        }
    }

    public PromptBuilder(
            ChatTemplate chat,
            PromptTemplate template,
            VideoEncoder encoder,
            Optional<MaskCurriculum> curriculum,
            MaskProgress masks) {
        this.chat = chat;
        this.template = template;
        this.encoder = encoder;
        this.curriculum = curriculum;
        this.masks = masks;
    }

    /** Returns the example's prompt at a step; its tensors belong to the open scope. */
    public Prompt prompt(Model model, Example example, long step) {
        EncodedVideo video = encoder.encode(model, example, step);
        GridMask mask = curriculum
                .map(c -> c.mask(example.sample(), video.grids(), example.hard(), step, masks.ratio(step)))
                .orElse(GridMask.none());
        PromptTemplate.Text text = template.question(example.sample());
        Prefix prefix = chat.prefix(text.before(), video.visible(mask)).append(chat.afterVideo(text.after()));
        return new Prompt(
                prefix,
                VisualEmbeddings.of(video.features(mask)),
                (double) mask.count() / video.grids().size());
    }

    /** Returns the template that writes the prompts and reads the replies. */
    public PromptTemplate template() {
        return template;
    }

    /** Returns the tokens of a reply with its end of turn, as training targets. */
    public int[] reply(String text) {
        return chat.reply(text);
    }
}
