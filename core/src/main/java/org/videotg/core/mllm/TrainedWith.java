package org.videotg.core.mllm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;

/**
 * How a model was asked in its training; whoever asks it otherwise gets other answers. It lies as {@value #FILE} beside
 * the weights of every model and adapter that is trained here.
 *
 * @param prompt template with all its texts
 * @param video how videos were read, by the keys of docs/models.md; empty for the defaults of the model's family
 * @param maxTokens greatest length of a reply; null if none was generated
 */
public record TrainedWith(PromptTemplate prompt, Map<String, String> video, Integer maxTokens) {
    /** Its name in a model's folder. */
    public static final String FILE = "videotg.json";

    /** Greatest length of a reply where nothing is said. */
    public static final int MAX_TOKENS = 96;

    public TrainedWith {
        Objects.requireNonNull(prompt, "\"prompt\" is missing");
        video = video == null ? Map.of() : Map.copyOf(video);
    }

    /**
     * Reads what the folder of a model or adapter says; empty if it does not say anything.
     *
     * @throws InputException if the file is damaged
     */
    public static Optional<TrainedWith> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (!Json.read(file).path("prompt").isObject()) {
            // A name would be looked up on this machine, and the file may come from a hub.
            throw new InputException(file + ": \"prompt\" must hold the texts of a template; delete the file to ask the"
                    + " model with the default prompt");
        }
        return Optional.of(Json.read(file, TrainedWith.class));
    }

    /**
     * Returns the prompt that a model is asked with: the given one, or that of its training, or the default.
     *
     * @param given name of a template, or a file
     * @param warnings receives a line if the given one is not that of the training
     */
    public static PromptTemplate prompt(Backend.Handle model, Optional<String> given, Consumer<String> warnings) {
        Optional<PromptTemplate> trained = model.trainedWith().map(TrainedWith::prompt);
        if (given.isEmpty()) {
            return trained.orElse(PromptTemplate.DEFAULT);
        }
        PromptTemplate asked = PromptTemplate.named(given.get());
        trained.filter(then -> !then.equals(asked.withName(then.name())))
                .ifPresent(then -> warnings.accept("model " + model.name() + " was trained with prompt " + then.name()
                        + ", and is asked with " + asked.name() + "; scores may suffer"));
        return asked;
    }

    /**
     * Returns the greatest length of a reply, in tokens: the given one, or that of the model's training, or {@value
     * #MAX_TOKENS}.
     *
     * @param warnings receives a line if the given one is shorter than that of the training
     */
    public static int maxTokens(Backend.Handle model, Optional<Integer> given, Consumer<String> warnings) {
        Optional<Integer> trained = model.trainedWith().flatMap(then -> Optional.ofNullable(then.maxTokens()));
        if (given.isEmpty()) {
            return trained.orElse(MAX_TOKENS);
        }
        trained.filter(then -> then > given.get())
                .ifPresent(then -> warnings.accept("model " + model.name() + " was trained with replies of up to "
                        + then + " tokens, and may use " + given.get() + "; longer replies are cut off"));
        return given.get();
    }

    public void write(Path folder) {
        AtomicFiles.writeString(folder.resolve(FILE), Json.pretty(this));
    }
}
