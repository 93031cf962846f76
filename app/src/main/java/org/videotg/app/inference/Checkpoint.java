package org.videotg.app.inference;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.config.PreprocessorConfig;
import org.videotg.models.config.QwenVlConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.generate.LocalMllm;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.tensor.Placement;
import org.videotg.smallworld.scene.Scene;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;

/**
 * A checkpoint that was found; its weights are not loaded.
 *
 * @param path folder in Hugging Face layout
 * @param adapter folder of the LoRA adapter with which it answers
 * @param video by which videos are read
 */
public record Checkpoint(
        Path path, Optional<Path> adapter, QwenVlConfig config, PreprocessorConfig preprocessing, VideoOptions video) {
    /** No general model has so few words: with fewer, a model was made for the small world. */
    private static final int GENERAL_VOCABULARY = 10_000;

    private static final int LOOKED_AT = 20;

    /**
     * Reads the configuration.
     *
     * @throws InputException if a folder holds no usable checkpoint or adapter
     */
    public static Checkpoint find(Path path, Optional<Path> adapter, VideoOptions video) {
        if (!Files.isDirectory(path)) {
            throw new InputException(
                    "model " + path + " is not a folder; give one with config.json, tokenizer.json and weights,"
                            + " or a name such as Qwen/Qwen3-VL-2B-Instruct");
        }
        adapter.ifPresent(LoraAdapter::check);
        QwenVlConfig config = QwenVlConfig.read(path.resolve("config.json"));
        return new Checkpoint(path, adapter, config, PreprocessorConfig.read(path, config, video), video);
    }

    /** Loads it. */
    public LocalMllm load(Path features, Placement placement) {
        return LocalMllm.open(path, adapter, features, video, placement);
    }

    public Sampling sampling() {
        return Sampling.of(preprocessing);
    }

    /** The frames it sees of a video. */
    public SampledFrames sampled(VideoRef video) {
        return preprocessing.sampling().sample(VideoFile.open(video.file()), video.clip());
    }

    /**
     * What must be said about its answers to these videos: a model of the small world knows nothing else. At most the first
     * {@value #LOOKED_AT} are looked at; unreadable ones are passed over.
     */
    public Optional<String> caveat(Collection<VideoRef> videos) {
        if (config.text().vocabSize() >= GENERAL_VOCABULARY) {
            return Optional.empty();
        }
        return videos.stream()
                .map(VideoRef::file)
                .distinct()
                .limit(LOOKED_AT)
                .filter(Checkpoint::foreign)
                .findFirst()
                .map(video -> video + " is not from the small world, the only one that model " + path
                        + " knows: its answers there mean nothing");
    }

    private static boolean foreign(Path video) {
        try {
            VideoInfo info = VideoFile.probe(video);
            return info.width() != Scene.WIDTH
                    || info.height() != Scene.HEIGHT
                    || Math.abs(info.fps() - Scene.FRAMES_PER_SECOND) > 1e-6;
        } catch (InputException e) {
            return false;
        }
    }
}
