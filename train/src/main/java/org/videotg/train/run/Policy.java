package org.videotg.train.run;

import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;
import org.videotg.model.QwenVl;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.checkpoint.WeightFiles;
import org.videotg.model.embedded.ModelFolder;
import org.videotg.model.lora.LoraAdapter;
import org.videotg.train.recipe.Recipe;

/** What a run trains, in float32: all weights of a model, or an adapter beside them. Closed at the end of the run. */
final class Policy implements AutoCloseable {
    private final ModelFolder folder;
    private final Parameters weights;
    private final LoraAdapter adapter;
    private final QwenVl model;

    private Policy(ModelFolder folder, Parameters weights, LoraAdapter adapter) {
        this.folder = folder;
        this.weights = weights;
        this.adapter = adapter;
        this.model = new QwenVl(folder.config(), adapter == null ? weights : adapter.onto(weights));
    }

    /** As it was at a checkpoint, or at the beginning. */
    static Policy open(Recipe recipe, ModelFolder folder, Optional<Path> checkpoint) {
        if (recipe.lora() == null && folder.adapter().isEmpty()) {
            return new Policy(folder, WeightFiles.load(checkpoint.orElse(folder.path()), torch.ScalarType.Float), null);
        }
        Parameters weights = WeightFiles.load(folder.path(), torch.ScalarType.Float);
        try {
            LoraAdapter adapter = checkpoint.or(folder::adapter).map(path -> LoraAdapter.load(path, torch.ScalarType.Float))
                    .orElseGet(() -> LoraAdapter.random(recipe.lora().config(recipe.model()), weights, recipe.seed()));
            return new Policy(folder, weights, adapter);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    QwenVl model() {
        return model;
    }

    /**
     * The model that training began with: loaded once more, or the frozen weights beside a new adapter, or these with a second,
     * untrained copy of the adapter that the run began with.
     */
    Parameters reference() {
        if (adapter == null) {
            return WeightFiles.load(folder.path(), torch.ScalarType.Float);
        }
        if (folder.adapter().isEmpty()) {
            return weights.replaced("reference", weights.all());
        }
        try (LoraAdapter first = LoraAdapter.load(folder.adapter().get(), torch.ScalarType.Float)) {
            return first.onto(weights);
        }
    }

    /** Writes what is trained into a checkpoint's folder. */
    void checkpoint(Path target) {
        if (adapter == null) {
            WeightFiles.save(target, weights);
        } else {
            adapter.save(target);
        }
    }

    /** Writes the trained model, and the adapter by itself, which is then merged: the policy must not be used after. */
    void finish(RunFolder out) {
        if (adapter != null) {
            adapter.save(out.adapter());
            adapter.merge(weights);
        }
        folder.save(out.model(), weights);
    }

    @Override
    public void close() {
        if (adapter != null) {
            model.parameters().close();
            adapter.close();
        }
        weights.close();
    }
}
