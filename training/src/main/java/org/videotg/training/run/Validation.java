package org.videotg.training.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.reward.Reward;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.generate.Generator;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.data.PromptBuilder.Prompt;
import org.videotg.training.data.TrainingData;
import org.videotg.training.data.TrainingData.Example;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.recipe.ValidationSettings;

/** Asks the model greedily about samples that it is not trained on. Masks no video. */
final class Validation {
    private static final Reward IOU = Reward.named("iou");

    private final Parts parts;
    private final TrainingData data;
    private final ValidationSettings settings;

    /**
     * What it asks with.
     *
     * @param folder provides the tokenizer and the end tokens of replies
     * @param prompts without a curriculum
     * @param lengths of the videos, in any unit of work
     * @param together replies that a worker draws in one batch
     */
    record Parts(
            ModelWorkers workers,
            ModelFolder folder,
            PromptBuilder prompts,
            ToLongFunction<Example> lengths,
            int together) {}

    /**
     * The scores of a model.
     *
     * @param miou mean IoU of the replies with the annotations; a reply that can't be read has 0
     * @param r1At05 share of the samples with an IoU of 0.5 or more
     * @param samples that were asked about
     */
    record Scores(double miou, double r1At05, int samples) {}

    /** The best validation so far. */
    record Best(@JsonProperty("mIoU") double miou, long steps) {}

    /**
     * How far a run has been validated: part of {@link TrainingState}.
     *
     * @param steps after which the last validation was
     * @param best the first one with the highest mIoU
     */
    record Reached(long steps, Best best) {}

    /** Scores with their compute. */
    record Scored(Scores scores, long tokenForwards) {}

    private record Answer(double iou, long tokenForwards) {}

    Validation(Parts parts, TrainingData data, ValidationSettings settings) {
        this.parts = parts;
        this.data = data;
        this.settings = settings;
    }

    /** Returns the samples of a recipe's validation, in the order of their file. */
    static TrainingData read(Recipe recipe) {
        ValidationSettings settings = recipe.validation();
        List<Example> all = TrainingData.read(settings.dataFile(), Set.of()).examples();
        Set<String> chosen = all.stream()
                .map(example -> example.sample().id())
                .sorted(Comparator.comparingLong(id -> Draw.bits(recipe.seed(), "validation", Draw.key(id))))
                .limit(settings.samples())
                .collect(Collectors.toSet());
        return new TrainingData(all.stream()
                .filter(example -> chosen.contains(example.sample().id()))
                .toList());
    }

    /** Returns the samples about videos of which something is trained on. */
    static List<Sample> alsoTrainedOn(TrainingData validation, TrainingData training) {
        Set<Path> trained = training.videos().stream().map(VideoRef::file).collect(Collectors.toSet());
        return validation.examples().stream()
                .filter(example -> trained.contains(example.video().file()))
                .map(Example::sample)
                .toList();
    }

    /** Returns the number of samples. */
    int size() {
        return data.examples().size();
    }

    /** Returns whether there is a validation after so many steps, of all that are planned. */
    boolean isDue(long done, long steps) {
        return settings.isDue(done, steps);
    }

    /**
     * Asks about every sample; ranks divide them.
     *
     * @param asked is told the id of each sample whose turn it is, by several threads
     */
    Scored run(Consumer<String> asked) {
        List<Answer> answers = parts.workers()
                .run(new ModelWorkers.Job<>(
                                data.examples(),
                                parts.lengths(),
                                Answer.class,
                                (model, share, progress) -> answers(model, share, id -> {
                                    progress.run();
                                    asked.accept(id);
                                }))
                        .inference());
        return new Scored(
                new Scores(
                        answers.stream().mapToDouble(Answer::iou).average().orElse(0),
                        answers.stream()
                                .mapToDouble(answer -> answer.iou() >= 0.5 ? 1 : 0)
                                .average()
                                .orElse(0),
                        answers.size()),
                answers.stream().mapToLong(Answer::tokenForwards).sum());
    }

    private List<Answer> answers(Model model, List<Example> share, Consumer<String> asked) {
        List<Generator.Request> requests = new ArrayList<>();
        for (Example example : share) {
            requests.add(new Generator.Request(
                    () -> {
                        asked.accept(example.sample().id());
                        Prompt prompt = parts.prompts().prompt(model, example, 0);
                        return new Generator.Prompt(prompt.prefix(), prompt.visual());
                    },
                    Decoding.greedy(settings.maxTokens()),
                    0));
        }
        List<Generator.Generated> replies =
                new Generator(model, parts.folder().endTokens()).generate(requests, parts.together());
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < share.size(); i++) {
            Sample sample = share.get(i).sample();
            String text = parts.folder()
                    .tokenizer()
                    .decode(replies.get(i).rollouts().get(0).ids());
            answers.add(new Answer(
                    IOU.score(sample, parts.prompts().template().read(sample.task(), text)),
                    replies.get(i).tokenForwards()));
        }
        return answers;
    }
}
