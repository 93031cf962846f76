package org.videotg.training.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.tensor.ComputeDtype;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Placement;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.gradient.ModelWorkers;
import org.videotg.training.recipe.ComputeSettings;
import org.videotg.training.recipe.Recipe;

/**
 * The model that a run trains. The trained weights, all of the model's or those of an adapter, are float32; the base of
 * an adapter has the type of the computation or, where the workers cast their own copies, the stored type.
 */
final class TrainableModel implements AutoCloseable {
    private final ModelFolder folder;
    private final TrainedWith asked;
    private final Placement placement;
    private final ModelParameters weights;
    private final LoraAdapter adapter;
    private final Model model;

    private TrainableModel(
            Recipe recipe, ModelFolder folder, Placement placement, ModelParameters weights, LoraAdapter adapter) {
        this.asked = recipe.trainedWith();
        this.folder = folder;
        this.placement = placement;
        this.weights = weights;
        this.adapter = adapter;
        this.model = new Model(folder.config(), adapter == null ? weights : adapter.applyTo(weights));
    }

    /** Loads the policy from a checkpoint, or as it is at the beginning of the run. */
    static TrainableModel open(Recipe recipe, ModelFolder folder, Optional<Path> checkpoint, Placement placement) {
        Device device = placement.device();
        if (recipe.lora() == null && folder.adapter().isEmpty()) {
            return new TrainableModel(
                    recipe,
                    folder,
                    placement,
                    WeightsReader.load(checkpoint.orElse(folder.path()), new Placement(device, ComputeDtype.FLOAT32)),
                    null);
        }
        // Where the workers round for themselves, the stored values are kept, so that the merged model loses nothing.
        ModelParameters weights = WeightsReader.load(
                folder.path(),
                device,
                (name, stored) -> placement.precision() == ComputeDtype.FLOAT32 ? torch.ScalarType.Float : stored);
        try {
            LoraAdapter adapter = checkpoint
                    .or(folder::adapter)
                    .map(path -> LoraAdapter.load(path, device))
                    .orElseGet(() -> LoraAdapter.random(recipe.lora().config(recipe.model()), weights, recipe.seed()));
            return new TrainableModel(recipe, folder, placement, weights, adapter);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * Returns workers that train the adapter if there is one, else all weights that are not frozen. They are closed
     * before this model.
     */
    ModelWorkers workers(ComputeSettings compute, ProcessGroup group) {
        boolean sharded = group.size() > 1 && compute.shard() == ComputeSettings.Shard.OPTIMIZER;
        return new ModelWorkers(
                model,
                trained(compute.trainVision()),
                compute.workers(),
                placement.type(),
                new ModelWorkers.Spread(group, sharded));
    }

    private Set<String> trained(boolean trainVision) {
        ModelParameters parameters = model.parameters();
        if (adapter == null) {
            return parameters.all().keySet().stream()
                    .filter(name -> trainVision || !model.names().isVision(name))
                    .collect(Collectors.toUnmodifiableSet());
        }
        if (!trainVision && parameters.updates().keySet().stream().anyMatch(model.names()::isVision)) {
            throw new InputException("the adapter's targets match layers of the vision tower, which is frozen; set"
                    + " compute.trainVision=true, or choose other lora.targets or another adapter");
        }
        return parameters.updates().values().stream()
                .flatMap(update -> Stream.of(update.down(), update.up()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the model that training began with: loaded again, or the frozen weights under a new adapter, or these
     * with a second copy of the adapter that the run began with.
     */
    Model reference() {
        return adapter == null
                ? folder.load(placement)
                : folder.withWeights(weights.placed(placement), placement.device());
    }

    /** Returns the weights with these values of those that are trained. */
    private ModelParameters with(Map<String, Tensor> trained) {
        Map<String, Tensor> all = new LinkedHashMap<>(weights.all());
        all.replaceAll((name, weight) -> trained.getOrDefault(name, weight));
        return weights.replaced("the trained model", all);
    }

    /**
     * Writes the trained weights into a checkpoint's folder.
     *
     * @param trained values of the trained parameters; likewise below
     */
    void checkpoint(Path target, Map<String, Tensor> trained) {
        if (adapter == null) {
            try (ModelParameters values = with(trained)) {
                WeightsWriter.DEFAULT.save(target, values);
            }
        } else {
            adapter.save(target);
        }
    }

    /** Writes the model as it is, or the adapter if one is trained, into a folder of its own. */
    void snapshot(Path target, Map<String, Tensor> trained) {
        try (ModelParameters values = with(trained);
                ModelParameters whole = values.placed(Placement.CPU)) {
            AtomicFiles.writeFolder(target, partial -> {
                if (adapter == null) {
                    folder.save(partial, whole);
                } else {
                    adapter.save(partial);
                }
                asked.write(partial);
            });
        }
    }

    /**
     * Writes the adapter, if any, and the trained model with the adapter merged. This model can't be used afterwards.
     */
    void finish(RunFolder out, Map<String, Tensor> trained) {
        try (ModelParameters values = with(trained);
                ModelParameters whole = values.placed(Placement.CPU)) {
            if (adapter != null) {
                AtomicFiles.writeFolder(out.adapter(), target -> {
                    adapter.save(target);
                    asked.write(target);
                });
                adapter.merge(whole);
            }
            AtomicFiles.writeFolder(out.model(), target -> {
                folder.save(target, whole);
                asked.write(target);
            });
        }
    }

    @Override
    public void close() {
        model.close();
        if (adapter != null) {
            adapter.close();
        }
        weights.close();
    }
}
