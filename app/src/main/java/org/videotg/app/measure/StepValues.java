package org.videotg.app.measure;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.data.MaskProgress;
import org.videotg.training.data.PromptBuilder;
import org.videotg.training.data.PromptBuilder.Prompt;
import org.videotg.training.data.TrainingData;
import org.videotg.training.data.TrainingData.Example;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.gradient.RowPasses;
import org.videotg.training.recipe.Recipe;
import org.videotg.training.trainer.SftTrainer;

/**
 * The results of one forward and backward pass through a whole model, vision tower included: a video with the annotated
 * replies of two samples in one packed row.
 *
 * @param logProbs of the reply tokens
 * @param gradients of the mean negative log-probability, by parameter, in float32
 */
record StepValues(float[] logProbs, Map<String, float[]> gradients) {
    /** Computes them as a training in that place does, in the number of threads that is set. */
    static StepValues of(Recipe recipe, Placement placement) {
        try (PointerScope scope = new PointerScope();
                ModelFolder folder = ModelFolder.open(Path.of(recipe.model()), Optional.empty(), recipe.video());
                Model master = folder.load(new Placement(placement.device(), ComputeDtype.FLOAT32));
                ModelWorkers workers = new ModelWorkers(
                        master, master.parameters().all().keySet(), 1, placement.type(), ModelWorkers.Spread.SINGLE)) {
            PromptBuilder prompts = new PromptBuilder(
                    folder.chat(),
                    recipe.prompt(),
                    PromptBuilder.VideoEncoder.trained(folder.preprocessor()),
                    Optional.empty(),
                    new MaskProgress(Optional.empty(), 1, Optional.empty()));
            List<Example> examples =
                    TrainingData.read(recipe.dataFile(), Set.of()).examples();
            List<int[]> replies = examples.stream()
                    .limit(2)
                    .map(example -> prompts.reply(SftTrainer.reply(recipe.prompt(), example.sample())))
                    .toList();
            RowPasses passes =
                    new RowPasses(recipe.compute().headChunk(), recipe.compute().recompute());
            float[] logProbs = workers.run(
                            List.of(examples.get(0)),
                            (model, example) -> pass(passes, model, prompts.prompt(model, example, 0), replies))
                    .get(0);
            return new StepValues(logProbs, workers.sum(StepValues::copied));
        }
    }

    private static float[] pass(RowPasses passes, Model model, Prompt prompt, List<int[]> replies) {
        RowPasses.Pass pass = passes.forward(model, new PackedRow(prompt.prefix(), replies), prompt.visual(), 1);
        int tokens = replies.stream().mapToInt(reply -> reply.length).sum();
        float[] values = new float[tokens];
        int to = 0;
        for (float[] part : pass.logProbs()) {
            System.arraycopy(part, 0, values, to, part.length);
            to += part.length;
        }
        pass.backward(replies.stream()
                .map(reply -> {
                    float[] gradient = new float[reply.length];
                    Arrays.fill(gradient, -1f / tokens);
                    return gradient;
                })
                .toList());
        return values;
    }

    private static Map<String, float[]> copied(Map<String, Tensor> gradients) {
        Map<String, float[]> copies = new LinkedHashMap<>();
        gradients.forEach((name, gradient) -> copies.put(name, Tensors.toFloats(gradient)));
        return copies;
    }
}
