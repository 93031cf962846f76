package org.videotg.models.generate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Sha256;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.mllm.VideoNotes;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.EncodedVideo;
import org.videotg.models.FeatureCache;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.tensor.Placement;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;

/** A checkpoint in a folder, perhaps with an adapter; its weights are not loaded. */
public final class LocalModel implements Backend.Handle {
    private static final Logger LOG = LoggerFactory.getLogger(LocalModel.class);

    private static final int VIDEOS_EXAMINED = 20;

    /** The form of the videos of the small world: width and height in pixels, frames per second. */
    private static final int SMALL_SIDE = 64;

    private static final int SMALL_FPS = 4;

    private final ModelFolder.OpenSettings settings;
    private final Path features;
    private final Placement.Choice placement;

    private LocalModel(ModelFolder.OpenSettings settings, Path features, Placement.Choice placement) {
        this.settings = settings;
        this.features = features;
        this.placement = placement;
    }

    /**
     * Reads the configuration of a checkpoint.
     *
     * @throws InputException if a folder holds no usable checkpoint or adapter
     */
    static LocalModel find(
            Path path, Optional<Path> adapter, VideoOptions video, Path features, Placement.Choice placement) {
        if (!Files.isDirectory(path)) {
            throw new InputException(
                    "model " + path + " is not a folder; give one with config.json, tokenizer.json and weights,"
                            + " or a name such as Qwen/Qwen3-VL-2B-Instruct");
        }
        adapter.ifPresent(LoraAdapter::check);
        return new LocalModel(ModelFolder.OpenSettings.read(path, adapter, video), features, placement);
    }

    /** Finds the checkpoint in a folder or, by its name, on the hub, with videos read as the family's authors do. */
    public static LocalModel of(String model) {
        Path path = HubModels.folder(model);
        return find(
                path,
                Optional.empty(),
                VideoOptions.DEFAULT,
                path,
                Placement.Choice.parse(Placement.Choice.AUTO, Placement.Choice.AUTO));
    }

    /** Returns how a model was asked in its training: what its adapter says, or else its own folder. */
    static Optional<TrainedWith> trainedWith(Path path, Optional<Path> adapter) {
        return adapter.flatMap(TrainedWith::read).or(() -> TrainedWith.read(path));
    }

    @Override
    public Optional<TrainedWith> trainedWith() {
        return trainedWith(path(), settings.adapter());
    }

    /** Returns the folder in Hugging Face layout. */
    public Path path() {
        return settings.path();
    }

    @Override
    public String name() {
        return path().toString();
    }

    /** Returns the fingerprint of the weights, see {@link Sha256#fingerprint}. */
    public String fingerprint() {
        return Sha256.fingerprint(WeightsReader.list(path()));
    }

    @Override
    public Mllm open() {
        return LocalMllm.open(settings, features, placement.resolve());
    }

    @Override
    public Backend.Sampling sampling() {
        PreprocessorConfig preprocessing = settings.preprocessor();
        return new Backend.Sampling(preprocessing.sampling().fps(), preprocessing.describeBudget());
    }

    @Override
    public Backend.Frames frames(VideoRef ref) {
        SampledFrames sampled = settings.preprocessor().sampling().sample(VideoFile.open(ref.file()), ref.clip());
        return new Backend.Frames(sampled.count(), sampled.sampleFps(), sampled.duration());
    }

    @Override
    public List<String> encode(List<VideoRef> videos, Progress progress) {
        List<String> unreadable = new ArrayList<>();
        try (ModelFolder folder = ModelFolder.open(settings);
                Model model = folder.load(placement.resolve());
                FeatureCache cache = new FeatureCache(features, model, folder.preprocessor())) {
            VideoNotes notes = new VideoNotes(LOG::warn);
            cache.fill(videos, new FeatureCache.Filled() {
                @Override
                public void encoded(VideoRef video, EncodedVideo features) {
                    notes.add(
                            video.toString(),
                            folder.preprocessor().sample(video).notes());
                    progress.step("");
                }

                @Override
                public void failed(VideoRef video, InputException failure) {
                    VideoCheck.requireStill(video);
                    unreadable.add(failure.getMessage());
                    progress.step("");
                }
            });
            progress.finish("");
            notes.count();
        }
        return unreadable;
    }

    /**
     * Returns a warning if the small model is asked about a video that does not look like those it was trained on. At
     * most {@value #VIDEOS_EXAMINED} files are examined; unreadable ones are passed over.
     */
    @Override
    public Optional<String> caveat(Collection<VideoRef> videos) {
        if (!settings.config().isSmall()) {
            return Optional.empty();
        }
        return videos.stream()
                .map(VideoRef::file)
                .distinct()
                .limit(VIDEOS_EXAMINED)
                .filter(LocalModel::foreign)
                .findFirst()
                .map(file -> file + " is not from the small world, the only one that model " + path()
                        + " knows: its answers there mean nothing; for other videos give a general model, such as"
                        + " Qwen/Qwen3-VL-2B-Instruct");
    }

    private static boolean foreign(Path file) {
        try {
            VideoInfo info = VideoFile.probe(file);
            return info.width() != SMALL_SIDE || info.height() != SMALL_SIDE || Math.abs(info.fps() - SMALL_FPS) > 1e-6;
        } catch (InputException e) {
            return false;
        }
    }
}
