package org.videotg.core.dataset;

import java.nio.file.Path;
import java.util.List;
import org.videotg.core.error.InputException;
import org.videotg.core.io.AtomicFiles;

/** A published form of grounding annotations. */
public sealed interface AnnotationFormat permits CharadesSta, VideoKeyedJson {
    /** What people call it. */
    String label();

    /** Whether the text of a file looks like this format; its rows may still be wrong. */
    boolean recognises(String text);

    /**
     * Reads every row.
     *
     * @param where the file's name, for messages
     * @throws InputException naming file, line or video of the first bad row
     */
    List<Annotation> parse(String text, String where);

    /** Every format there is. */
    static List<AnnotationFormat> all() {
        return List.of(new CharadesSta(), new VideoKeyedJson());
    }

    /**
     * Reads a file in whichever format its content shows.
     *
     * @throws InputException if it is of none, or holds no sentence
     */
    static List<Annotation> read(Path file) {
        String text = AtomicFiles.readString(file);
        AnnotationFormat format = all().stream().filter(known -> known.recognises(text)).findFirst()
                .orElseThrow(() -> new InputException(file + ": not a known annotation format; known: "
                        + String.join(", ", all().stream().map(AnnotationFormat::label).toList())));
        List<Annotation> annotations = format.parse(text, file.toString());
        if (annotations.isEmpty()) {
            throw new InputException(file + ": holds no sentence; give a file of " + format.label());
        }
        return annotations;
    }
}
