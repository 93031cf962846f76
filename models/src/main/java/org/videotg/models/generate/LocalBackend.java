package org.videotg.models.generate;

import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Placement;

/** Checkpoints in Hugging Face layout, in a folder or from a hub, which compute in this process. */
public final class LocalBackend implements Backend {
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
        return LocalModel.find(
                HubModels.folder(request.model()),
                request.adapter(),
                VideoOptions.of(request.video()),
                request.features(),
                Placement.Choice.parse(request.device(), request.dtype()));
    }

    @Override
    public Optional<String> explain(Throwable failure) {
        return NativeRuntime.outOfMemory(failure);
    }
}
