package org.videotg.training.data;

import java.util.Optional;
import org.videotg.core.grid.GridMask;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.method.curriculum.Curriculum;
import org.videotg.models.EncodedVideo;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.VisualTokens;
import org.videotg.models.nn.VideoFeatures;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Prefix;
import org.videotg.training.data.TrainingData.Row;

/** Makes prompts: the chat template around a video whose grids the curriculum masks. Used by several threads. */
public final class Prompts {
    private final ChatTemplate chat;
    private final PromptTemplate template;
    private final Eyes eyes;
    private final Optional<Curriculum> curriculum;
    private final long steps;

    /** How a video is seen. */
    @FunctionalInterface
    public interface Eyes {
        /** What the model, which a worker holds, sees of the row's video; belongs to the open scope. */
        EncodedVideo see(Model model, Row row);

        /** Through a frozen tower, whose features are cached; no gradient reaches it. */
        static Eyes frozen(FeatureCache cache) {
            return (model, row) -> cache.get(row.video());
        }

        /** Through the model's own tower as it is now, with gradients where they are on. */
        static Eyes trained(VideoPreprocessor preprocessor) {
            return (model, row) -> FeatureCache.see(model.vision(), preprocessor, row.video());
        }
    }

    /** @param steps of the whole training, for the curriculum */
    public Prompts(ChatTemplate chat, PromptTemplate template, Eyes eyes, Optional<Curriculum> curriculum, long steps) {
        this.chat = chat;
        this.template = template;
        this.eyes = eyes;
        this.curriculum = curriculum;
        this.steps = steps;
    }

    /** The row's prompt at a step; its tensors belong to the open scope. */
    public Prompt of(Model model, Row row, long step) {
        EncodedVideo seen = eyes.see(model, row);
        GridMask mask = curriculum
                .map(c -> c.mask(row.sample(), seen.grids(), row.hard(), step, steps))
                .orElse(GridMask.none());
        VideoFeatures features = seen.features(mask);
        PromptTemplate.Text text = template.question(row.sample());
        Prefix prefix = chat.untilVideo(text.before(), seen.visible(mask)).append(chat.afterVideo(text.after()));
        return new Prompt(
                prefix,
                features.grids() == 0 ? null : VisualTokens.of(features),
                (double) mask.count() / seen.grids().size());
    }

    /** The template that asks, and that reads the replies. */
    public PromptTemplate template() {
        return template;
    }

    /** A reply's tokens as they are trained on. */
    public int[] reply(String text) {
        return chat.reply(text);
    }
}
