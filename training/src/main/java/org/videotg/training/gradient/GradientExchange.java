package org.videotg.training.gradient;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.checkpoint.ParameterPrefixes;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.distributed.FlatLayout;
import org.videotg.training.distributed.ProcessGroup;

/**
 * Sums the gradients of the workers of several ranks, bucket by bucket. Each rank adds up its part of a bucket over all
 * workers in their order, and all get it, so that the sum has the bits of that of one process.
 *
 * <p>Gradients lie in the order in which a backward pass ends with them, the last decoder layer first. A bucket of layers is
 * sent as soon as every worker of this rank has left them in the backward pass of its last item, while the pass goes on;
 * what belongs to no layer is sent after it. All ranks send the same buckets in the same order.
 */
final class GradientExchange {
    private final ProcessGroup group;
    private final FlatLayout layout;
    /** The gradients of each worker. */
    private final List<Tensor> flat;

    private final List<FlatLayout.Range> buckets;
    /** The lowest layer in each of the first buckets, those that hold nothing but layers. */
    private final int[] lowest;
    /** The lowest layer that each worker has left in its last item. */
    private final int[] left;

    private final Deque<Sent> inFlight = new ArrayDeque<>();
    private int sent;

    /** A bucket on its way, and what comes for each worker of this rank's own. */
    private record Sent(FlatLayout.Range bucket, List<Tensor> received, List<ProcessGroup.Exchange> exchanges) {}

    /**
     * Creates an exchange.
     *
     * @param flat gradients of each worker
     * @param layers the decoder layer of each tensor that belongs to one
     */
    GradientExchange(ProcessGroup group, FlatLayout layout, List<Tensor> flat, Map<String, Integer> layers) {
        this.group = group;
        this.layout = layout;
        this.flat = flat;
        this.buckets = layout.buckets();
        this.lowest = lowest(layout, layers);
        this.left = new int[flat.size()];
        Arrays.fill(left, Integer.MAX_VALUE);
    }

    /** Returns the decoder layer of each tensor, also of an adapter, that belongs to one. */
    static Map<String, Integer> layers(Collection<String> tensors, ParameterPrefixes names) {
        Pattern pattern = Pattern.compile("(?:^|\\.)" + Pattern.quote(names.text()) + "\\.layers\\.(\\d+)\\.");
        Map<String, Integer> layers = new HashMap<>();
        for (String tensor : tensors) {
            Matcher layer = pattern.matcher(tensor);
            if (layer.find()) {
                layers.put(tensor, Integer.valueOf(layer.group(1)));
            }
        }
        return layers;
    }

    /** Returns tensors in the order in which a backward pass ends with them; those of no layer come last. */
    static Map<String, Tensor> ordered(Map<String, Tensor> tensors, Map<String, Integer> layers) {
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        tensors.keySet().stream()
                .sorted(Comparator.comparingInt((String name) -> -layers.getOrDefault(name, -1))
                        .thenComparing(Comparator.naturalOrder()))
                .forEach(name -> ordered.put(name, tensors.get(name)));
        return ordered;
    }

    private static int[] lowest(FlatLayout layout, Map<String, Integer> layers) {
        NavigableMap<Long, Integer> byPlace = new TreeMap<>();
        layout.places().forEach((name, place) -> byPlace.put(place.from(), layers.getOrDefault(name, -1)));
        return layout.buckets().stream()
                .mapToInt(bucket ->
                        byPlace.lowerEntry(bucket.from() + bucket.length()).getValue())
                .takeWhile(layer -> layer >= 0)
                .toArray();
    }

    /**
     * Notes that a worker has left a layer, and all above it, in the backward pass of its last item.
     *
     * @param layer 0 for a worker that has no further item
     */
    synchronized void leave(int worker, int layer) {
        if (layer > left[worker]) {
            throw new IllegalStateException(
                    "the gradients of layer " + layer + " have been sent to other ranks already");
        }
        left[worker] = layer;
        int all = Arrays.stream(left).max().orElseThrow();
        while (sent < lowest.length && lowest[sent] >= all) {
            send(buckets.get(sent++));
        }
    }

    private void send(FlatLayout.Range bucket) {
        if (inFlight.size() == FlatLayout.IN_FLIGHT) {
            take();
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            List<Tensor> received = new ArrayList<>();
            List<ProcessGroup.Exchange> exchanges = new ArrayList<>();
            for (Tensor gradients : flat) {
                Tensor parts = Tensors.keep(Tensors.empty(
                        Device.of(gradients), gradients.scalar_type().intern(), bucket.length()));
                received.add(parts);
                exchanges.add(group.exchange(parts, gradients.narrow(0, bucket.from(), bucket.length())));
            }
            inFlight.add(new Sent(bucket, received, exchanges));
        }
    }

    /** Waits for the oldest bucket and adds up this rank's part of it. */
    private void take() {
        Sent oldest = inFlight.remove();
        oldest.exchanges().forEach(ProcessGroup.Exchange::await);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            FlatLayout.Range own = layout.part(oldest.bucket(), group.rank());
            Tensor sum = flat.get(0).narrow(0, own.from(), own.length());
            for (int rank = 0; rank < group.size(); rank++) {
                for (int worker = 0; worker < flat.size(); worker++) {
                    Tensor share = oldest.received().get(worker).narrow(0, rank * own.length(), own.length());
                    if (rank == 0 && worker == 0) {
                        sum.copy_(share);
                    } else {
                        sum.add_(share);
                    }
                }
            }
        } finally {
            oldest.received().forEach(Tensors::release);
        }
    }

    /** Waits for what is on its way. */
    synchronized void await() {
        while (!inFlight.isEmpty()) {
            take();
        }
    }

    /** Returns whether a part of the gradients has been sent, so that no more may be added to them. */
    synchronized boolean hasBegun() {
        return sent > 0;
    }

    /** Returns the sums by name, in the order of the names, as views of the first worker's gradients. */
    synchronized Map<String, Tensor> sums() {
        while (sent < buckets.size()) {
            send(buckets.get(sent++));
        }
        await();
        buckets.forEach(bucket -> {
            try (PointerScope scope = new PointerScope()) {
                group.complete(flat.get(0).narrow(0, bucket.from(), bucket.length()));
            }
        });
        flat.subList(1, flat.size()).forEach(Tensor::zero_);
        return views();
    }

    /** Returns the tensors by name, in the order of the names, as views of the first worker's gradients. */
    Map<String, Tensor> views() {
        Map<String, Tensor> views = new TreeMap<>();
        layout.places().keySet().forEach(name -> views.put(name, layout.view(flat.get(0), name)));
        return views;
    }

    /** Begins anew, with gradients that have not been sent. */
    synchronized void reset() {
        await();
        sent = 0;
        Arrays.fill(left, Integer.MAX_VALUE);
    }
}
