package org.videotg.app.inference;

import java.util.Collection;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.ScriptedMllm;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.VideoRef;

/**
 * A backend that only the tests have: this class, and its line in {@code META-INF/services}. Its models have addresses
 * such as {@code fake://oracle} and know the event of one video.
 */
public final class FakeBackend implements Backend {
    public static final String QUERY = "the door opens";
    private static final String SCHEME = "fake://";
    private static final String VIDEO = "000000.mp4";
    private static final int SECONDS = 16;

    @Override
    public boolean accepts(String model) {
        return model.startsWith(SCHEME);
    }

    @Override
    public Handle find(Request request) {
        if (request.adapter().isPresent()) {
            throw new InputException(request.model() + " takes no --adapter");
        }
        return new FakeModel(request.model());
    }

    private record FakeModel(String name) implements Handle {
        @Override
        public Sampling sampling() {
            return new Sampling(1, "none");
        }

        @Override
        public Frames frames(VideoRef video) {
            return new Frames(SECONDS, 1, SECONDS);
        }

        @Override
        public Optional<String> caveat(Collection<VideoRef> videos) {
            return Optional.of("its answers are scripted");
        }

        @Override
        public Mllm open() {
            return new ScriptedMllm(0, true).knows(VIDEO, SECONDS, QUERY, new Interval(3, 6), new Interval(10, 12));
        }
    }
}
