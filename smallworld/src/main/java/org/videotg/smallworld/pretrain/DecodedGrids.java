package org.videotg.smallworld.pretrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.tensor.Tensors;

/**
 * A few temporal grids of every video, decoded once and kept as bytes in native memory, so that each grid of a batch
 * can come from another video: the grids of one video are alike, and the vision tower hardly learns from few videos per
 * step.
 */
final class DecodedGrids implements AutoCloseable {
    private static final double HALF_RANGE = 127.5;

    /** A video to decode and its index. */
    private record Source(Path world, String video, VisionLabels labels, int index) {}

    private final int labels;
    private final int gridsPerVideo;
    private final int height;
    private final int width;
    /** [entries, height * width, patchDim], bytes. */
    private final Tensor patches;
    /** [entries, labels]. */
    private final Tensor targets;

    private DecodedGrids(int videos, int gridsPerVideo, PatchedVideo first, int labels) {
        this.labels = labels;
        this.gridsPerVideo = gridsPerVideo;
        this.height = first.height();
        this.width = first.width();
        try (PointerScope scope = new PointerScope()) {
            long entries = (long) videos * gridsPerVideo;
            this.patches = Tensors.keep(torch.zeros(
                    new long[] {entries, (long) height * width, first.patches().size(1)},
                    Tensors.options(torch.ScalarType.Byte)));
            this.targets = Tensors.keep(Tensors.zeros(entries, labels));
        }
    }

    /** Patches [grids * height * width, patchDim] and targets [grids, labels]. */
    record Batch(Tensor patches, Tensor targets) {}

    /**
     * Decodes the videos in parallel; the choice of grids does not depend on the threads.
     *
     * @param names all labels
     */
    static DecodedGrids load(
            VideoPreprocessor preprocessor, List<Path> worlds, List<String> names, int gridsPerVideo, long seed) {
        List<Source> sources = new ArrayList<>();
        for (Path world : worlds) {
            VisionLabels labels = VisionLabels.read(world.resolve("scenes.jsonl"), names);
            labels.seconds().keySet().forEach(video -> sources.add(new Source(world, video, labels, sources.size())));
        }
        DecodedGrids result;
        try (PointerScope scope = new PointerScope()) {
            Source first = sources.get(0);
            result = new DecodedGrids(
                    sources.size(),
                    gridsPerVideo,
                    preprocessor.load(VideoRef.whole(first.world().resolve(first.video()))),
                    names.size());
        }
        Progress progress = Progress.logged("decoding", sources.size());
        sources.parallelStream().forEach(source -> {
            try (PointerScope scope = new PointerScope()) {
                result.put(
                        source,
                        preprocessor.load(VideoRef.whole(source.world().resolve(source.video()))),
                        Draw.generator(seed, "grids", Draw.key(source.video())));
            }
            progress.step("");
        });
        return result;
    }

    private void put(Source source, PatchedVideo video, Random random) {
        if (video.height() != height || video.width() != width) {
            throw new InputException(source.world().resolve(source.video())
                    + ": its frames have another size than those of other videos; render the worlds again");
        }
        double[] times =
                video.grids().grids().stream().mapToDouble(g -> g.timestamp()).toArray();
        float[] all = source.labels().targets(source.video(), times);
        int[] grids = IntStream.range(0, gridsPerVideo)
                .map(i -> random.nextInt(times.length))
                .toArray();
        float[] held = new float[gridsPerVideo * labels];
        for (int i = 0; i < gridsPerVideo; i++) {
            System.arraycopy(all, grids[i] * labels, held, i * labels, labels);
        }
        long perGrid = (long) height * width;
        Tensor bytes = video.patches()
                .view(times.length, perGrid, -1)
                .index_select(0, Tensors.ids(grids))
                .add(new Scalar(1.0))
                .mul(new Scalar(HALF_RANGE))
                .round()
                .to(torch.ScalarType.Byte);
        long from = (long) source.index() * gridsPerVideo;
        patches.narrow(0, from, gridsPerVideo).copy_(bytes);
        targets.narrow(0, from, gridsPerVideo).copy_(Tensors.floats(held, gridsPerVideo, labels));
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** Returns random grids of all videos, with pixel values from -1 to 1. */
    Batch draw(int grids, Random random) {
        int entries = Math.toIntExact(patches.size(0));
        Tensor chosen = Tensors.ids(
                IntStream.range(0, grids).map(i -> random.nextInt(entries)).toArray());
        Tensor normalised = patches.index_select(0, chosen)
                .to(torch.ScalarType.Float)
                .div(new Scalar(HALF_RANGE))
                .sub(new Scalar(1.0))
                .view((long) grids * height * width, patches.size(2));
        return new Batch(normalised, targets.index_select(0, chosen));
    }

    @Override
    public void close() {
        Tensors.release(patches);
        Tensors.release(targets);
    }
}
