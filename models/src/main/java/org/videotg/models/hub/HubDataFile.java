package org.videotg.models.hub;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.videotg.core.io.InputException;
import org.videotg.models.hub.HubName.Kind;

/**
 * A file of a data set on a hub, written as huggingface_hub's file system writes it: {@code
 * hf://datasets/OWNER/NAME[@REVISION]/PATH}.
 *
 * @param name of the data set
 * @param path of the file in its repository
 */
public record HubDataFile(HubName name, String path) {
    private static final String SCHEME = "hf://";
    private static final String DATASETS = SCHEME + "datasets/";
    private static final String FORM = "hf://datasets/OWNER/NAME[@REVISION]/PATH";

    public HubDataFile {
        Objects.requireNonNull(name, "name");
        if (!Arrays.stream(path.split("/", -1)).allMatch(HubFile::isSafe)) {
            throw new IllegalArgumentException("not a file of a data set: " + path);
        }
    }

    /**
     * Returns the file that an argument names: one of a data set on the hub of the environment, which is downloaded into
     * the cache unless it is there, or a path.
     *
     * @throws InputException if the text has the scheme but not the form, or the hub does not give the file
     */
    public static Path locate(String text) {
        if (text.startsWith(SCHEME)) {
            return of(text).in(HubModels.current());
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InputException("\"" + text + "\" is neither a path nor " + FORM + "; give one of them", e);
        }
    }

    /** @throws InputException unless the text has the form */
    static HubDataFile of(String text) {
        List<String> parts = text.startsWith(DATASETS)
                ? List.of(text.substring(DATASETS.length()).split("/", 3))
                : List.of();
        if (parts.size() == 3) {
            String name = parts.get(0) + "/" + parts.get(1).replace("%2F", "/");
            if (HubName.isValid(name)
                    && Arrays.stream(parts.get(2).split("/", -1)).allMatch(HubFile::isSafe)) {
                return new HubDataFile(HubName.of(Kind.DATASET, name), parts.get(2));
            }
        }
        throw new InputException(text + " is no file of a data set; write " + FORM);
    }

    Path in(HubModels hub) {
        return hub.file(name, path);
    }
}
