package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.sample.VideoRef;

/** A model that a server has. */
final class ServerModel implements Backend.Handle {
    private final ServerClient client;
    private final ServerInfo info;
    private final ServerSettings settings;
    private final ClipSettings clips;

    /** @param video options for the clip that is sent; those of videotg serve are the server's own */
    ServerModel(ServerClient client, ServerInfo info, ServerSettings settings, Map<String, String> video) {
        this.client = client;
        this.info = info;
        this.settings = settings;
        this.clips = ClipSettings.of(video, info.model());
    }

    @Override
    public String name() {
        return client.address().toString();
    }

    @Override
    public Backend.Sampling sampling() {
        JsonNode stated = info.entry().path("videotg");
        return isVideotg()
                ? new Backend.Sampling(
                        stated.path("fps").asDouble(),
                        stated.path("pixel_budget").asText())
                : new Backend.Sampling(clips.fps(), clips.budget().toString());
    }

    @Override
    public Backend.Frames frames(VideoRef video) {
        if (isVideotg()) {
            try (Mllm mllm = open()) {
                TemporalGrids grids = mllm.grids(video);
                int count = 2 * grids.size();
                return new Backend.Frames(count, count / grids.duration(), grids.duration());
            }
        }
        SampledClip clip = SampledClip.of(video, clips);
        return new Backend.Frames(
                clip.sampled().count(),
                clip.sampled().sampleFps(),
                clip.sampled().duration());
    }

    @Override
    public int parallel() {
        return settings.parallel();
    }

    @Override
    public Mllm open() {
        return isVideotg() ? new VideotgMllm(client, info) : new OpenAiMllm(client, info, settings, clips);
    }

    private boolean isVideotg() {
        return info.kind() == ServerKind.VIDEOTG;
    }
}
