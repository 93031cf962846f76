package org.videotg;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.NativeSettings;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.VideoRef;

/**
 * Finds when something happens in a video.
 *
 * <pre>{@code
 * try (Grounder grounder = Grounder.open("Qwen/Qwen3-VL-2B-Instruct")) {
 *     for (Moment moment : grounder.ground(Path.of("clip.mp4"), "person opens the door")) {
 *         System.out.println(moment.interval());
 *     }
 * }
 * }</pre>
 *
 * <p>Several threads may share a grounder. A model in this process answers their questions in one batch; its operations
 * use all cores, see docs/api.md for the number of threads. Replies are greedy: a question that is asked alone has the
 * same answer every time.
 */
public final class Grounder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Grounder.class);

    private final PromptTemplate prompt;
    private final int maxTokens;
    private final Backend.Handle handle;
    private final Mllm mllm;
    private final Set<Path> warned = ConcurrentHashMap.newKeySet();

    private Grounder(ModelSettings settings, Backend.Handle handle, Mllm mllm) {
        this.prompt = settings.template(handle);
        this.maxTokens = settings.tokens(handle);
        this.handle = handle;
        this.mllm = mllm;
    }

    /**
     * The answer to a multiple-choice question.
     *
     * @param option the chosen one of the given options; empty if the reply names none
     * @param moments that show it
     */
    public record Choice(Optional<String> option, List<Moment> moments) {
        public Choice {
            moments = List.copyOf(moments);
        }
    }

    /**
     * Opens a model with the default settings.
     *
     * @param model a folder or a name on the hub
     * @throws InputException if there is no such model, or it can't be used
     */
    public static Grounder open(String model) {
        return open(ModelSettings.of(model));
    }

    /** Opens the model in a folder with the default settings. */
    public static Grounder open(Path model) {
        return open(ModelSettings.of(model));
    }

    /**
     * Opens a model; its weights are loaded before this returns.
     *
     * @throws InputException if there is no such model, or it can't be used with these settings
     */
    public static Grounder open(ModelSettings settings) {
        NativeSettings.apply();
        Backend.Handle handle = settings.find();
        return new Grounder(settings, handle, handle.open());
    }

    /**
     * Returns when a sentence holds in a video; empty if the model names no moment.
     *
     * @throws InputException if the video can't be read or the sentence is blank
     */
    public List<Moment> ground(Path video, String sentence) {
        return ground(video, Clip.WHOLE, sentence);
    }

    /** Looks at a part of the video only. */
    public List<Moment> ground(Path video, Clip clip, String sentence) {
        return moments(ask(video, clip, sentence, List.of()));
    }

    /**
     * Answers a multiple-choice question about a video.
     *
     * @param options at least two
     * @throws InputException if the video can't be read, or the prompt template knows no questions with options
     */
    public Choice choose(Path video, String question, List<String> options) {
        if (options.size() < 2) {
            throw new IllegalArgumentException("a question needs at least two options, not " + options.size());
        }
        Grounding found = ask(video, Clip.WHOLE, question, options);
        return new Choice(Optional.ofNullable(found.answer()), moments(found));
    }

    /** Frees the model, once every question is answered. */
    @Override
    public void close() {
        mllm.close();
    }

    private Grounding ask(Path video, Clip clip, String text, List<String> options) {
        if (text.isBlank()) {
            throw new InputException("the query is blank; say what happens, such as \"person opens the door\"");
        }
        VideoRef asked = new VideoRef(video, clip);
        if (warned.add(video.toAbsolutePath())) {
            handle.caveat(List.of(asked)).ifPresent(LOG::warn);
            mllm.notes(asked).forEach(LOG::warn);
        }
        return Grounding.of(handle, mllm, new Grounding.Query(asked, text, options, prompt, maxTokens));
    }

    private static List<Moment> moments(Grounding found) {
        double start = found.clip() == null ? 0 : found.clip().start();
        return found.intervals().stream()
                .map(interval -> new Moment(new Interval(start + interval.start(), start + interval.end())))
                .toList();
    }
}
