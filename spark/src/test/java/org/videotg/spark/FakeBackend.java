package org.videotg.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.ScriptedMllm;
import org.videotg.core.mllm.UnavailableException;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.VideoRef;

/** A backend that only the tests have. Its models {@code fake://NOISE} know the events of the videos of a data set. */
public final class FakeBackend implements Backend {
    static final int VIDEOS = 20;
    static final int SECONDS = 32;

    /** Questions that are answered before the next ones fail. */
    static final AtomicInteger ANSWERED = new AtomicInteger(Integer.MAX_VALUE);

    /** Questions that fail then. */
    static final AtomicInteger FAILING = new AtomicInteger();

    @Override
    public boolean accepts(String model) {
        return model.startsWith("fake://");
    }

    @Override
    public Handle find(Request request) {
        return new FakeModel(request.model());
    }

    static ScriptedMllm open(double noise) {
        ScriptedMllm mllm = new Failing(noise);
        for (int i = 0; i < VIDEOS; i++) {
            mllm.knows("v" + i + ".mp4", SECONDS, "event " + i, new Interval(4, 14));
        }
        return mllm;
    }

    private static final class Failing extends ScriptedMllm {
        Failing(double noise) {
            super(noise, true);
        }

        @Override
        public synchronized Answer ask(Question question, Decoding decoding) {
            if (ANSWERED.decrementAndGet() < 0 && FAILING.decrementAndGet() >= 0) {
                throw new UnavailableException("the server is gone; start it again", null);
            }
            return super.ask(question, decoding);
        }
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
        public Mllm open() {
            return FakeBackend.open(Double.parseDouble(name.substring("fake://".length())));
        }
    }
}
