package org.videotg.app.dryrun;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.models.ModelConfig;
import org.videotg.models.ModelFolder;
import org.videotg.models.preprocess.VideoPreprocessor.VideoShape;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.SftTrainer;

/**
 * The shape of a run's steps, measured on its samples, whose videos are opened and not decoded.
 *
 * @param mean of the samples
 * @param longest of the samples
 * @param featureBytes of one video's cached features, in float32, on average
 * @param problems one line for every sample of too few frames, or whose prompt and reply are longer than the model
 *     allows
 */
public record StepShapes(StepShape mean, StepShape longest, double featureBytes, List<String> problems) {
    private static final int FLOAT = 4;

    private record Row(double prompt, double visual, double patches, double reply, double grids) {}

    /**
     * Measures.
     *
     * @param model whose weights may be missing
     * @throws InputException if no sample can be measured
     */
    public static StepShapes of(Recipe recipe, ModelFolder.OpenSettings model, List<Sample> samples) {
        ModelConfig config = model.config();
        List<Row> rows = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try (ModelFolder folder = ModelFolder.withoutWeights(model)) {
            for (Sample sample : samples) {
                try {
                    Row row = row(recipe, folder, sample);
                    rows.add(row);
                    if (row.prompt() + row.reply() > config.text().maxPositions()) {
                        problems.add(String.format(
                                Locale.ROOT,
                                "sample \"%s\": a prompt of %.0f tokens and a reply of %.0f, but the model allows %d in all"
                                        + " (max_position_embeddings)",
                                sample.id(),
                                row.prompt(),
                                row.reply(),
                                config.text().maxPositions()));
                    }
                } catch (InputException e) {
                    problems.add("sample \"" + sample.id() + "\": " + e.getMessage());
                }
            }
        }
        if (rows.isEmpty()) {
            throw new InputException(problems.get(0));
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
                problems);
    }

    private static Row row(Recipe recipe, ModelFolder folder, Sample sample) {
        ChatTemplate chat = folder.chat();
        try (PointerScope scope = new PointerScope()) {
            VideoShape video = folder.preprocessor().shape(Samples.video(recipe.dataFile(), sample));
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
