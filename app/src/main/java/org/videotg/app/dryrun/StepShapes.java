package org.videotg.app.dryrun;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.selection.Selector;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFolder;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.SftTrainer;

/**
 * The shape of a run's steps, measured on a few of its samples, whose videos are read.
 *
 * @param mean of these samples
 * @param longest of these samples
 * @param featureBytes of one video's cached features, in float32, on average
 * @param examined number of these samples
 */
record StepShapes(StepShape mean, StepShape longest, double featureBytes, int examined) {
    private static final int EXAMINED = 8;
    private static final int FLOAT = 4;

    private record Row(double prompt, double visual, double patches, double reply, double grids) {}

    /** @param model whose weights may be missing */
    static StepShapes of(Recipe recipe, ModelFolder.OpenSettings model, List<Sample> samples) {
        ModelConfig config = model.config();
        List<Row> rows = new ArrayList<>();
        try (ModelFolder folder = ModelFolder.withoutWeights(model)) {
            for (Sample sample : Selector.shuffled(samples, recipe.seed()).stream()
                    .limit(EXAMINED)
                    .toList()) {
                rows.add(row(recipe, folder, sample));
            }
        }
        int replies = recipe.grpo() == null ? 1 : recipe.grpo().group();
        int prompts = recipe.length().prompts();
        StepShape mean = new StepShape(
                prompts,
                mean(rows, Row::prompt),
                mean(rows, Row::visual),
                replies,
                mean(rows, Row::reply),
                mean(rows, Row::patches));
        Row longest = rows.stream()
                .max(Comparator.comparingDouble(row -> row.prompt() + replies * row.reply()))
                .orElseThrow();
        double unit = (double) config.text().hiddenSize()
                * (1 + config.vision().deepstackTaps().size())
                * FLOAT;
        return new StepShapes(
                mean,
                new StepShape(prompts, longest.prompt(), longest.visual(), replies, longest.reply(), longest.patches()),
                mean(rows, row -> row.visual() * (1 + 1 / row.grids())) * unit,
                rows.size());
    }

    private static Row row(Recipe recipe, ModelFolder folder, Sample sample) {
        ChatTemplate chat = folder.chat();
        try (PointerScope scope = new PointerScope()) {
            PatchedVideo video = folder.preprocessor().load(Samples.video(recipe.dataFile(), sample));
            int merge = folder.config().vision().spatialMergeSize();
            double[] times = video.grids().grids().stream()
                    .mapToDouble(grid -> grid.timestamp())
                    .toArray();
            PromptTemplate.Text text = recipe.prompt().question(sample);
            Prefix prompt = chat.prefix(
                            text.before(),
                            PromptGrids.all(times, video.spacing(), video.height() / merge, video.width() / merge))
                    .append(chat.afterVideo(text.after()));
            double reply = recipe.grpo() == null
                    ? chat.reply(SftTrainer.reply(recipe.prompt(), sample)).length
                    : recipe.grpo().maxTokens();
            return new Row(
                    prompt.length(),
                    prompt.visualSlots().length,
                    (double) times.length * video.height() * video.width(),
                    reply,
                    times.length);
        }
    }

    private static double mean(List<Row> rows, ToDoubleFunction<Row> figure) {
        return rows.stream().mapToDouble(figure).average().orElseThrow();
    }
}
