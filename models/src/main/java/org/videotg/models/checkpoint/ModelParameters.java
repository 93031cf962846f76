package org.videotg.models.checkpoint;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;

/**
 * All parameters of a model by the names under which they are published. Holds a reference to each tensor until
 * {@link #close}; several objects may hold the same tensors.
 */
public final class ModelParameters implements AutoCloseable {
    private final String source;
    private final Map<String, Tensor> tensors;
    private final Map<String, Update> updates;
    private boolean growing;
    private boolean closed;

    /**
     * A low-rank update of a weight, its factors by name.
     *
     * @param down name of the factor [rank, in] among the parameters
     * @param up name of the factor [out, rank]
     * @param scale of their product
     */
    public record Update(String down, String up, double scale) {}

    /** @param tensors kept alive by this object, whatever scope they were made in */
    public ModelParameters(String source, Map<String, Tensor> tensors) {
        this(source, tensors, Map.of());
    }

    private ModelParameters(String source, Map<String, Tensor> tensors, Map<String, Update> updates) {
        this.source = source;
        this.updates = Map.copyOf(updates);
        this.tensors = new LinkedHashMap<>(tensors);
        this.tensors.values().forEach(Tensors::keep);
    }

    /**
     * Returns the parameters that a model asks for while it is made, as shapes without values ({@link Device#META}), in
     * the order of asking.
     *
     * @param maker makes the model
     */
    public static ModelParameters shapes(Consumer<ModelParameters> maker) {
        ModelParameters shapes = new ModelParameters("configuration", Map.of(), Map.of());
        shapes.growing = true;
        maker.accept(shapes);
        shapes.growing = false;
        return shapes;
    }

    /** Returns all of them by name, in the order of the files; it cannot be changed. */
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * Returns these parameters and further ones that update some of them. Both objects hold the same tensors; this one
     * stays without updates.
     *
     * @param added the factors by name
     * @param updates by the name of the weight
     */
    public ModelParameters adapted(Map<String, Tensor> added, Map<String, Update> updates) {
        Map<String, Tensor> all = new LinkedHashMap<>(tensors);
        all.putAll(added);
        return new ModelParameters(source, all, updates);
    }

    /** Returns parameters of other tensors with the same names and updates. */
    public ModelParameters replaced(String source, Map<String, Tensor> tensors) {
        return new ModelParameters(source, tensors, updates);
    }

    /** Returns the updates by the name of the weight. */
    public Map<String, Update> updates() {
        return updates;
    }

    /**
     * Returns a tensor that no update belongs to.
     *
     * @throws InputException if the checkpoint lacks it or its shape differs from what config.json says
     */
    public Tensor get(String name, long... shape) {
        if (updates.containsKey(name)) {
            throw new IllegalStateException(name + " has a low-rank update, which only a linear layer can add");
        }
        return checked(name, shape);
    }

    /**
     * Returns the weight [out, in] of a linear layer, without its {@link #update}.
     *
     * @throws InputException as {@link #get}
     */
    public Tensor matrix(String name, long out, long in) {
        return checked(name, out, in);
    }

    /** Returns the update of a weight. */
    public Optional<Update> update(String name) {
        return Optional.ofNullable(updates.get(name));
    }

    private Tensor checked(String name, long... shape) {
        Tensor tensor = growing
                ? tensors.computeIfAbsent(
                        name, added -> Tensors.keep(Tensors.empty(Device.META, torch.ScalarType.Float, shape)))
                : tensors.get(name);
        if (tensor == null) {
            throw new InputException(source + ": tensor \"" + name + "\" is missing; the checkpoint is incomplete");
        }
        long[] actual = Tensors.shape(tensor);
        if (!Arrays.equals(actual, shape)) {
            throw new InputException(source + ": tensor \"" + name + "\" has shape " + Arrays.toString(actual)
                    + ", config.json asks for " + Arrays.toString(shape));
        }
        return tensor;
    }

    /** Returns the parameters on a device in a type; those that are there already are shared. */
    public ModelParameters placed(Placement placement) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Map<String, Tensor> placed = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> placed.put(name, placement.place(tensor)));
            return new ModelParameters(source, placed, updates);
        }
    }

    /** Returns the number of scalars. */
    public long count() {
        return all().values().stream().mapToLong(Tensor::numel).sum();
    }

    /** Releases the tensors; further calls do nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tensors.values().forEach(Tensors::release);
        }
    }
}
