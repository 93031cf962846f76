package org.videotg.app.publish;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.videotg.core.io.InputException;
import org.videotg.models.hub.HubName.Kind;
import org.videotg.models.hub.UploadFile;

/**
 * What is pushed: the files of a model, an adapter or a data set and its card, without paths of this machine.
 *
 * @param kind of the repository
 * @param title what it is, in words
 * @param files in the order of their paths, the card among them
 * @param notes what a user should know before it is published
 */
public record Publication(Kind kind, String title, List<UploadFile> files, List<String> notes) {
    /** Name of the card. */
    static final String CARD = "README.md";

    /**
     * What a user says about it.
     *
     * @param name in the repository's card, {@code OWNER/NAME}
     * @param base the base model's name on the hub; empty if the files say it
     * @param license identifier of the hub, such as {@code apache-2.0}; empty for that of the base model
     * @param evaluation folder of an evaluation, or its {@code metrics.json}
     * @param selection report of a selection
     * @param split of a data set
     */
    public record Facts(
            String name,
            Optional<String> base,
            Optional<String> license,
            Optional<Path> evaluation,
            Optional<Path> selection,
            String split) {}

    public Publication {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    /**
     * Prepares what a path holds: a file of samples, a model, an adapter, or a run, of which the adapter is taken if it
     * trained one, else the model.
     *
     * @throws InputException if it holds none of them, or a file names a folder of this machine
     */
    public static Publication of(Path path, Facts facts) {
        if (Files.isRegularFile(path)) {
            return DatasetFiles.publication(path, facts);
        }
        for (String part : List.of("adapter", "model")) {
            if (Files.isDirectory(path.resolve(part))) {
                return ModelFiles.publication(path.resolve(part), facts);
            }
        }
        if (ModelFiles.isModel(path)) {
            return ModelFiles.publication(path, facts);
        }
        throw new InputException(path + " is no file of samples, no model, no adapter and no finished run; give one");
    }
}
