package org.videotg.training.distributed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.videotg.models.tensor.Tensors;

/**
 * The places of tensors in one flat tensor, which is cut into buckets, and each bucket into one part for each rank.
 * Tensors begin at multiples of {@value #ALIGN} elements, and so do parts: vectorised loops thus meet the same elements
 * together as in the tensors themselves.
 *
 * @param places by name, in the order of the flat tensor
 * @param length of the flat tensor in elements
 */
public record FlatLayout(Map<String, Place> places, long length, int ranks, long bucket) {
    private static final int ALIGN = 64;
    /** Elements of a bucket, about: 16 MiB of float32. */
    public static final long BUCKET = 4L << 20;
    /** Buckets that are on their way at a time. */
    public static final int IN_FLIGHT = 2;

    /** Where a tensor lies. */
    public record Place(long from, long length, long[] shape) {}

    /** A range of the flat tensor. */
    public record Range(long from, long length) {}

    /**
     * The part of a tensor that belongs to a rank.
     *
     * @param from first element in the tensor
     * @param flat first element in the flat tensor
     */
    public record Slice(String tensor, long from, long length, long flat) {
        /** Returns a name for it. */
        public String key() {
            return tensor + SEPARATOR + from;
        }
    }

    /** Stands between the name of a tensor and the first element of a slice. */
    public static final String SEPARATOR = "@";

    /** Returns the name of the tensor of which a slice has this key. */
    public static String tensorOf(String key) {
        return key.substring(0, key.lastIndexOf(SEPARATOR));
    }

    /**
     * Lays out tensors for so many ranks.
     *
     * @param bucket elements, about
     */
    public static FlatLayout of(Map<String, Tensor> tensors, int ranks, long bucket) {
        Map<String, Place> places = new LinkedHashMap<>();
        long at = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            long length = tensor.getValue().numel();
            places.put(tensor.getKey(), new Place(at, length, Tensors.shape(tensor.getValue())));
            at += ceiling(length, ALIGN);
        }
        long unit = (long) ALIGN * ranks;
        return new FlatLayout(places, ceiling(at, unit), ranks, ceiling(bucket, unit));
    }

    private static long ceiling(long value, long unit) {
        return (value + unit - 1) / unit * unit;
    }

    /** Returns the buckets in order; the last one may be shorter. */
    public List<Range> buckets() {
        List<Range> buckets = new ArrayList<>();
        for (long from = 0; from < length; from += bucket) {
            buckets.add(new Range(from, Math.min(bucket, length - from)));
        }
        return buckets;
    }

    /** Returns a rank's part of a bucket. */
    public Range part(Range of, int rank) {
        long part = of.length() / ranks;
        return new Range(of.from() + rank * part, part);
    }

    /** Returns the slices of all tensors that belong to a rank, in the order of the flat tensor. */
    public List<Slice> slices(int rank) {
        List<Slice> slices = new ArrayList<>();
        for (Range range : buckets()) {
            Range part = part(range, rank);
            places.forEach((name, place) -> {
                long from = Math.max(part.from(), place.from());
                long end = Math.min(part.from() + part.length(), place.from() + place.length());
                if (from < end) {
                    slices.add(new Slice(name, from - place.from(), end - from, from));
                }
            });
        }
        return slices;
    }

    /** Returns a tensor's view of the flat tensor, in its shape. */
    public Tensor view(Tensor flat, String name) {
        Place place = places.get(name);
        return flat.narrow(0, place.from(), place.length()).view(place.shape());
    }
}
