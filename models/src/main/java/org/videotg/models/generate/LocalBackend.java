package org.videotg.models.generate;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Placement;

/** Checkpoints in Hugging Face layout, in a folder or from a hub, which compute in this process. */
public final class LocalBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBackend.class);

    @Override
    public boolean accepts(String model) {
        return !model.contains("://");
    }

    @Override
    public LocalModel find(Request request) {
        if (!request.server().isEmpty()) {
            throw new InputException("--server is for models behind a server, and " + request.model()
                    + " is on this machine; leave it out, or give --model http://HOST:PORT/v1#NAME");
        }
        Path folder = HubModels.folder(request.model());
        return LocalModel.find(
                folder,
                request.adapter(),
                video(LocalModel.trainedWith(folder, request.adapter()), request),
                request.features(),
                Placement.Choice.parse(request.device(), request.dtype()));
    }

    /** Returns the options of the training, changed by those that were asked for. */
    private static VideoOptions video(Optional<TrainedWith> trained, Request request) {
        Map<String, String> then = trained.map(TrainedWith::video).orElse(Map.of());
        Map<String, String> now = new TreeMap<>(then);
        now.putAll(request.video());
        VideoOptions options = VideoOptions.of(now);
        if (trained.isPresent() && !options.equals(VideoOptions.of(then))) {
            LOG.warn(
                    "model {} was trained with the video options {}, and is asked with {}; scores may suffer",
                    request.model(),
                    new TreeMap<>(then),
                    new TreeMap<>(options.changed()));
        }
        return options;
    }

    @Override
    public Optional<String> explain(Throwable failure) {
        return NativeRuntime.outOfMemory(failure);
    }
}
