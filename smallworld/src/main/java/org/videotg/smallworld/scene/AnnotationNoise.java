package org.videotg.smallworld.scene;

/** What an annotator does to the truth of a training sample. */
enum AnnotationNoise {
    /** The event happens once and is annotated as a whole. */
    COMPLETE,
    /** A long event happens once; only its first 35-55% are annotated. */
    TRUNCATED,
    /** The event happens twice; one of the two is annotated. */
    REPEATED
}
