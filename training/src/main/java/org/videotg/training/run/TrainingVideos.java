package org.videotg.training.run;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.EncodedVideo;
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
    record Features(ModelFolder folder, Optional<FeatureCache> cache) {}

    /** Notes the lengths of videos, and those that can't be read. */
    private static final class Found implements FeatureCache.Filled {
        private final Map<VideoRef, Long> lengths = new HashMap<>();
        private final Map<VideoRef, String> unreadable = new LinkedHashMap<>();
        private final Progress progress;

        Found(Progress progress) {
            this.progress = progress;
        }

        void scan(ModelFolder folder, VideoRef video) {
            try {
                lengths.put(video, (long) folder.preprocessor().grids(video).size());
                progress.step("");
            } catch (InputException e) {
                failed(video, e);
            }
        }

        @Override
        public void encoded(VideoRef video, EncodedVideo features) {
            lengths.put(video, features.features().merged().size(0));
            progress.step("");
        }

        @Override
        public void failed(VideoRef video, InputException failure) {
            VideoCheck.requireStill(video);
            LOG.warn("{}", failure.getMessage());
            unreadable.put(video, failure.getMessage());
            progress.step("");
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
        Map<String, String> skipped = new LinkedHashMap<>(begun ? out.skipped() : plan.skipped());
        TrainingData data = TrainingData.read(recipe.dataFile(), skipped.keySet());
        Found found = find(
                data.videos(),
                features,
                new Found(TrainingLoop.progress(group, "videos", data.videos().size())),
                group);
        Map<VideoRef, Long> lengths = found.lengths;
        Map<VideoRef, String> unreadable = found.unreadable;
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

    /**
     * Reads the videos of a validation likewise.
     *
     * @return their lengths
     * @throws InputException naming the first that can't be read
     */
    static Map<VideoRef, Long> ofValidation(TrainingData data, Features features, ProcessGroup group) {
        Progress progress = TrainingLoop.progress(
                group, "videos of the validation", data.videos().size());
        Found found = find(data.videos(), features, new Found(progress), group);
        found.unreadable.forEach((video, problem) -> {
            throw new InputException("validation: " + problem + "; leave its samples out of \"validation.data\"");
        });
        return found.lengths;
    }

    private static Found find(List<VideoRef> videos, Features features, Found found, ProcessGroup group) {
        features.cache()
                .ifPresentOrElse(
                        cache -> fill(cache, videos, found, group),
                        () -> videos.forEach(video -> found.scan(features.folder(), video)));
        found.progress.finish("");
        return found;
    }

    /** Fills the cache; ranks divide the videos first, and what can't be read is found afterwards by all of them. */
    private static void fill(FeatureCache cache, List<VideoRef> videos, Found found, ProcessGroup group) {
        if (group.size() > 1) {
            List<VideoRef> share = IntStream.range(0, videos.size())
                    .filter(i -> i % group.size() == group.rank())
                    .mapToObj(videos::get)
                    .toList();
            cache.fill(share, new FeatureCache.Filled() {
                @Override
                public void encoded(VideoRef video, EncodedVideo features) {
                    group.progress();
                }

                @Override
                public void failed(VideoRef video, InputException failure) {
                    LOG.debug("found again when all videos are read", failure);
                    group.progress();
                }
            });
        }
        cache.force();
        group.await();
        cache.fill(videos, found);
    }
}
