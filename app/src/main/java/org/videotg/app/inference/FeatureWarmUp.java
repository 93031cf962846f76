package org.videotg.app.inference;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.progress.Progress;
import org.videotg.model.Qwen3Vl;
import org.videotg.model.checkpoint.ModelFolder;
import org.videotg.model.preprocess.FeatureCache;

/** Puts the vision features of videos into the cache ahead of their use. */
public final class FeatureWarmUp {
    private FeatureWarmUp() {}

    /** What it has cost: CPU time of this process, start-up included. */
    public record Cost(int videos, double cpuSeconds) {}

    /**
     * Decodes every video that the cache lacks and runs the vision tower over it.
     *
     * @throws org.videotg.core.error.InputException naming the first unreadable video
     */
    public static Cost run(Checkpoint checkpoint, Path features, List<Path> videos) {
        Progress progress = Progress.stderr("features", videos.size());
        try (ModelFolder folder = ModelFolder.open(checkpoint.path())) {
            Qwen3Vl model = folder.load(torch.ScalarType.Float);
            try {
                FeatureCache cache = new FeatureCache(features, model.vision(), folder.preprocessor(), folder.fingerprint());
                for (Path video : videos) {
                    try (PointerScope scope = new PointerScope()) {
                        cache.get(video);
                    }
                    progress.step("");
                }
            } finally {
                model.parameters().close();
            }
        }
        progress.finish("");
        return new Cost(videos.size(),
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9);
    }
}
