package org.videotg.app.dryrun;

import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.ParameterPrefixes;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.lora.LoraConfig;
import org.videotg.training.recipe.Recipe;

/**
 * Numbers of parameters of a model.
 *
 * @param vision of the vision tower with its mergers
 * @param text of the language model, embedding and head included
 * @param multiplied of the language model without embedding and head: those that every token is multiplied with
 * @param trained by the recipe
 * @param largest trained matrix, or 0 if an adapter is trained
 */
public record ParameterCount(long vision, long text, long multiplied, long trained, long largest) {
    /** Returns the numbers for a model of that configuration trained with that recipe, without loading weights. */
    public static ParameterCount of(ModelConfig config, Recipe recipe) {
        try (PointerScope scope = new PointerScope();
                ModelParameters wanted = config.shapes()) {
            ParameterPrefixes names = ParameterPrefixes.of(wanted.all().keySet());
            long vision = 0;
            long text = 0;
            long largest = 0;
            for (var parameter : wanted.all().entrySet()) {
                long size = parameter.getValue().numel();
                boolean ofTower = names.isVision(parameter.getKey());
                vision += ofTower ? size : 0;
                text += ofTower ? 0 : size;
                largest = ofTower && !recipe.compute().trainVision() ? largest : Math.max(largest, size);
            }
            long vocabulary = (long) config.text().vocabSize()
                    * config.text().hiddenSize()
                    * (config.tieWordEmbeddings() ? 1 : 2);
            Optional<LoraConfig> adapter = recipe.lora() != null
                    ? Optional.of(recipe.lora().config(recipe.model()))
                    : recipe.adapterFolder().map(folder -> LoraConfig.read(folder.resolve(LoraConfig.FILE)));
            long full = text + (recipe.compute().trainVision() ? vision : 0);
            long trained =
                    adapter.map(lora -> LoraAdapter.parameters(lora, wanted)).orElse(full);
            return new ParameterCount(vision, text, text - vocabulary, trained, adapter.isEmpty() ? largest : 0);
        }
    }

    public long all() {
        return vision + text;
    }
}
