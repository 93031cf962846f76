package org.videotg.training.gradient;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.Model;
import org.videotg.models.tensor.Tensors;

/**
 * A replica of a model that a thread computes with.
 *
 * @param trained leaves that share the master's storage and accumulate gradients
 * @param rounded copies of some of them that the replica computes with; empty in the master's type
 * @param last whether it processes its last item
 */
record Worker(Model replica, Map<String, Tensor> trained, Map<String, Tensor> rounded, AtomicBoolean last) {
    /**
     * Creates a worker.
     *
     * @param names of the parameters that get gradients
     * @param frozen the other parameters, in the type
     * @param type in which it computes
     */
    static Worker of(Model master, Set<String> names, Map<String, Tensor> frozen, torch.ScalarType type) {
        try (PointerScope scope = new PointerScope()) {
            // An adapter's factors are small and compute in their own type.
            Set<String> factors = master.parameters().updates().values().stream()
                    .flatMap(update -> Stream.of(update.down(), update.up()))
                    .collect(Collectors.toSet());
            Map<String, Tensor> rounded = new LinkedHashMap<>();
            Map<String, Tensor> shared = new LinkedHashMap<>();
            // Ordered by name, so that no sum depends on the order of the tensors in the checkpoint's file.
            Map<String, Tensor> trained = new TreeMap<>();
            master.parameters().all().forEach((name, parameter) -> {
                if (!names.contains(name)) {
                    shared.put(name, frozen.get(name));
                    return;
                }
                Tensor view = parameter.detach();
                view.set_requires_grad(true);
                trained.put(name, view);
                if (view.scalar_type().intern() == type.intern() || factors.contains(name)) {
                    shared.put(name, view);
                } else {
                    // The replica owns only the copy.
                    Tensors.keep(view);
                    rounded.put(name, view.to(type));
                    shared.put(name, rounded.get(name));
                }
            });
            return new Worker(
                    new Model(master.config(), master.parameters().replaced("replica", shared)),
                    trained,
                    rounded,
                    new AtomicBoolean());
        }
    }

    void close() {
        rounded.keySet().forEach(name -> Tensors.release(trained.get(name)));
        replica.close();
    }
}
