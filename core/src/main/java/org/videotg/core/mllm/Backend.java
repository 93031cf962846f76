package org.videotg.core.mllm;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.VideoRef;

/**
 * A kind of model that can be asked, such as a checkpoint in this process or a server. A new backend is a class that
 * implements this interface and its name in a file {@code META-INF/services/org.videotg.core.mllm.Backend}.
 */
public interface Backend {
    /** Returns whether a model's name has the form that this backend takes; nothing is looked up. */
    boolean accepts(String model);

    /**
     * Finds a model without loading it.
     *
     * @throws InputException if there is no such model, or the request does not fit it
     */
    Handle find(Request request);

    /** Returns why a computation of this backend failed, in one line, if the backend recognises the failure. */
    default Optional<String> explain(Throwable failure) {
        return Optional.empty();
    }

    /**
     * Finds a model in the backend that accepts its name.
     *
     * @throws InputException if no backend does, or it finds no such model
     */
    static Handle findModel(Request request) {
        return all().stream()
                .filter(backend -> backend.accepts(request.model()))
                .findFirst()
                .orElseThrow(() -> new InputException("model \"" + request.model()
                        + "\" is of no known kind; give a folder, a name on a hub, or http://HOST:PORT/v1#NAME"))
                .find(request);
    }

    /** Returns the first explanation that a backend has for a failure. */
    static Optional<String> explainFailure(Throwable failure) {
        return all().stream()
                .flatMap(backend -> backend.explain(failure).stream())
                .findFirst();
    }

    private static List<Backend> all() {
        return ServiceLoader.load(Backend.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Which model is wanted, and how it is to compute. A backend refuses what does not apply to it.
     *
     * @param model a folder, a name on a hub, or an address
     * @param adapter folder of a LoRA adapter
     * @param video how videos are read, by key; empty for the model's defaults
     * @param features folder in which vision features are kept
     * @param device {@code auto}, or such as {@code cuda:0}
     * @param dtype {@code auto}, or such as {@code bfloat16}
     * @param server how a server is asked, by key; empty for its defaults and for other models
     */
    record Request(
            String model,
            Optional<Path> adapter,
            Map<String, String> video,
            Path features,
            String device,
            String dtype,
            Map<String, String> server) {
        public Request {
            video = Map.copyOf(video);
            server = Map.copyOf(server);
        }

        /** A request that says nothing about a server. */
        public Request(
                String model,
                Optional<Path> adapter,
                Map<String, String> video,
                Path features,
                String device,
                String dtype) {
            this(model, adapter, video, features, device, dtype, Map.of());
        }
    }

    /** A model that was found; its weights are not loaded. */
    interface Handle {
        /** Returns the folder, name or address, as results state it. */
        String name();

        /** Returns how the model samples videos, as results state it. */
        Sampling sampling();

        /** Returns how the model was asked in its training; empty if that is not known. */
        default Optional<TrainedWith> trainedWith() {
            return Optional.empty();
        }

        /** Returns how many frames the model sees of a video. */
        Frames frames(VideoRef video);

        /** Returns what a reader of the model's answers to these videos must know, in one sentence. */
        default Optional<String> caveat(Collection<VideoRef> videos) {
            return Optional.empty();
        }

        /**
         * Encodes videos ahead of the questions about them.
         *
         * @return what is wrong with those that can't be read, a line each
         * @throws InputException if the backend keeps no features
         */
        default List<String> encode(List<VideoRef> videos, Progress progress) {
            throw new InputException("model " + name() + " keeps no vision features on this machine");
        }

        /** Returns how many questions are in flight where the caller does not say. */
        default int parallel() {
            return 1;
        }

        /** Loads the model; the caller closes it. */
        Mllm open();
    }

    /**
     * How a model samples videos.
     *
     * @param fps wanted frames per second of video
     * @param pixelBudget in words
     */
    record Sampling(double fps, String pixelBudget) {}

    /**
     * The frames that a model sees of a video or clip.
     *
     * @param fps sampled frames per second of video
     * @param duration in seconds
     */
    record Frames(int count, double fps, double duration) {}
}
