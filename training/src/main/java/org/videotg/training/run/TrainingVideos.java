package org.videotg.training.run;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.OutputException;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.FeatureCache;
import org.videotg.models.ModelFolder;
import org.videotg.training.data.TrainingData;
import org.videotg.training.distributed.ProcessGroup;
import org.videotg.training.recipe.Recipe;

/**
 * What is known of a run's videos before its first step.
 *
 * @param skipped ids of the samples that are left out, and why
 * @param lengths of each video in visual tokens, or in temporal grids where no features are cached
 */
record TrainingVideos(Map<String, String> skipped, Map<VideoRef, Long> lengths) {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingVideos.class);

    /** @param cache of features; empty if the vision tower is trained */
    record Features(ModelFolder folder, Optional<FeatureCache> cache) {
        private long length(VideoRef video) {
            return cache.map(features -> features.get(video).features().merged().size(0))
                    .orElseGet(() -> (long) folder.preprocessor().grids(video).size());
        }
    }

    /**
     * Reads every video, and fills the cache. Samples to skip are, of a run that has begun, those that it began without;
     * of a new one those of the plan and, if the recipe says so, those whose video turns out to be unreadable. Several
     * ranks divide the videos first, and then each reads all.
     *
     * @throws InputException counting the unreadable videos, if their samples must not be skipped
     */
    static TrainingVideos read(TrainingPlan plan, boolean begun, Features features, ProcessGroup group) {
        Recipe recipe = plan.recipe();
        RunFolder out = new RunFolder(plan.folder());
        Map<VideoRef, Long> lengths = new HashMap<>();
        Map<String, String> skipped = new LinkedHashMap<>(begun ? out.skipped() : plan.skipped());
        TrainingData data = TrainingData.read(recipe.dataFile(), skipped.keySet());
        features.cache().ifPresent(cache -> encodeShare(cache, data.videos(), group));
        Map<VideoRef, String> unreadable = new LinkedHashMap<>();
        Progress progress = TrainingLoop.progress(group, "videos", data.videos().size());
        for (VideoRef video : data.videos()) {
            try (PointerScope scope = new PointerScope()) {
                lengths.put(video, features.length(video));
            } catch (OutputException e) {
                throw e;
            } catch (InputException e) {
                VideoCheck.requireStill(video);
                LOG.warn("{}", e.getMessage());
                unreadable.put(video, e.getMessage());
            }
            progress.step("");
        }
        progress.finish("");
        if (unreadable.isEmpty()) {
            return new TrainingVideos(skipped, lengths);
        }
        String count = unreadable.size() + " of " + data.videos().size() + " videos can't be read to their last frame";
        if (begun || recipe.onBadVideo() == OnBadVideo.STOP) {
            throw new InputException(count
                    + (begun
                            ? ", which they could when the run began; give the files again that it began with"
                            : "; give whole files, or set onBadVideo: skip"));
        }
        data.examples().stream()
                .filter(example -> unreadable.containsKey(example.video()))
                .forEach(example -> skipped.put(example.sample().id(), unreadable.get(example.video())));
        LOG.warn("{}: {} samples are skipped in all; {} lists them", count, skipped.size(), out.skippedFile());
        if (unreadable.size() == data.videos().size()) {
            throw new InputException(count + "; no sample is left");
        }
        return new TrainingVideos(skipped, lengths);
    }

    /** Encodes this rank's share of the videos; what can't be read is found afterwards by every rank. */
    private static void encodeShare(FeatureCache cache, List<VideoRef> videos, ProcessGroup group) {
        for (int i = group.rank(); group.size() > 1 && i < videos.size(); i += group.size()) {
            try (PointerScope scope = new PointerScope()) {
                cache.get(videos.get(i));
            } catch (OutputException e) {
                throw e;
            } catch (InputException e) {
                LOG.debug("found again when all videos are read", e);
            }
            group.progress();
        }
        cache.force();
        group.await();
    }
}
