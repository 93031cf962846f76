package org.videotg.app.inference;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.tensor.Placement;

/** Puts the vision features of videos into the cache ahead of their use. */
public final class FeatureWarmUp {
    private FeatureWarmUp() {}

    /**
     * Decodes every video that the cache lacks and runs the vision tower over it.
     *
     * @throws org.videotg.core.io.InputException naming the first unreadable video
     */
    public static void run(Checkpoint checkpoint, Placement placement, Path features, List<VideoRef> videos) {
        Progress progress = Progress.stderr("features", videos.size());
        try (ModelFolder folder = ModelFolder.open(checkpoint.path(), checkpoint.adapter(), checkpoint.video());
                Model model = folder.load(placement)) {
            FeatureCache cache = new FeatureCache(features, model, folder.preprocessor());
            for (VideoRef video : videos) {
                try (PointerScope scope = new PointerScope()) {
                    cache.get(video);
                }
                progress.step("");
            }
        }
        progress.finish("");
    }
}
