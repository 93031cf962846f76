package org.videotg.smallworld.scene;

import org.videotg.core.io.InputException;

/**
 * How incomplete the training annotations of a world are.
 *
 * @param partial share of the training scenes with a partial annotation: truncated ones cover the beginning of a long
 *     event, repeated ones cover one of two occurrences
 * @param truncated share of those that are truncated; the others are repeated
 * @param systematic share of the remaining scenes with a long event whose annotation is truncated: with 0.9, long
 *     events are nearly always annotated too short, so that the data teach it
 */
public record AnnotationDefects(double partial, double truncated, double systematic) {
    /** Complete annotations. */
    public static final AnnotationDefects NONE = new AnnotationDefects(0, 0, 0);

    /** @throws InputException if a share is outside [0, 1] */
    public AnnotationDefects {
        share("partial", partial);
        share("truncated", truncated);
        share("systematic", systematic);
    }

    /** Returns defects that do not depend on the event. */
    public static AnnotationDefects partial(double share, double truncated) {
        return new AnnotationDefects(share, truncated, 0);
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new InputException("\"" + name + "\" must lie in [0, 1], not " + value);
        }
    }
}
