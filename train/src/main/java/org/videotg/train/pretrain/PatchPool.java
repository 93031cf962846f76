package org.videotg.train.pretrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.progress.Progress;
import org.videotg.core.random.Draw;
import org.videotg.model.preprocess.PatchedVideo;
import org.videotg.model.preprocess.VideoPreprocessor;
import org.videotg.model.tensor.Tensors;

/**
 * Some temporal grids of every video, decoded once, so that a batch can mix as many videos as it has grids: grids of one video are
 * much alike, and a tower that sees few videos a step hardly learns. Kept as bytes for as long as the process lives.
 */
final class PatchPool {
    private static final double HALF_RANGE = 127.5;

    private record Entry(Tensor patches, float[] targets) {}

    private record Picked(int height, int width, List<Entry> entries) {}

    private final List<Entry> entries = new ArrayList<>();
    private int labels;
    private int height;
    private int width;

    private PatchPool() {}

    /** Patches [grids * height * width, patchDim] and targets [grids, labels]. */
    record Batch(Tensor patches, Tensor targets) {}

    static PatchPool load(VideoPreprocessor preprocessor, List<Path> worlds, List<String> names, int gridsAVideo,
            long seed) {
        PatchPool pool = new PatchPool();
        pool.labels = names.size();
        for (Path world : worlds) {
            VisionLabels labels = VisionLabels.read(world.resolve("scenes.jsonl"), names);
            Progress progress = Progress.stderr("decoding " + world.getFileName(), labels.seconds().size());
            // In parallel, but in the order of the file: which grids a draw gives must not depend on threads.
            List.copyOf(labels.seconds().keySet()).parallelStream().map(video -> {
                try (PointerScope scope = new PointerScope()) {
                    return pick(preprocessor.load(world.resolve(video)), labels, video, gridsAVideo,
                            Draw.generator(seed, "grids", Draw.key(video)));
                } finally {
                    progress.step("");
                }
            }).forEachOrdered(pool::add);
        }
        return pool;
    }

    private static Picked pick(PatchedVideo video, VisionLabels labels, String name, int count, Random random) {
        int perGrid = video.height() * video.width();
        int width = labels.names().size();
        double[] times = video.grids().grids().stream().mapToDouble(g -> g.timestamp()).toArray();
        float[] targets = labels.targets(name, times);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int grid = random.nextInt(times.length);
            Tensor bytes = video.patches().narrow(0, (long) grid * perGrid, perGrid).add(new Scalar(1.0)).mul(new Scalar(HALF_RANGE))
                    .round().to(torch.ScalarType.Byte);
            entries.add(new Entry(Tensors.keep(bytes), java.util.Arrays.copyOfRange(targets, grid * width, (grid + 1) * width)));
        }
        return new Picked(video.height(), video.width(), entries);
    }

    private void add(Picked picked) {
        height = picked.height();
        width = picked.width();
        entries.addAll(picked.entries());
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    Batch draw(int grids, Random random) {
        Tensor[] patches = new Tensor[grids];
        float[] targets = new float[grids * labels];
        for (int i = 0; i < grids; i++) {
            Entry entry = entries.get(random.nextInt(entries.size()));
            patches[i] = entry.patches();
            System.arraycopy(entry.targets(), 0, targets, i * labels, labels);
        }
        Tensor normalised = Tensors.cat(0, patches).to(torch.ScalarType.Float).div(new Scalar(HALF_RANGE)).sub(new Scalar(1.0));
        return new Batch(normalised, Tensors.floats(targets, grids, labels));
    }
}
