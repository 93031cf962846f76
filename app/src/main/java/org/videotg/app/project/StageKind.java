package org.videotg.app.project;

import java.util.Locale;

/** What a stage of a project does, in the order in which stages follow each other. */
public enum StageKind {
    WORLD,
    CONVERT,
    CHECK,
    FEATURES,
    SELECT,
    TRAIN,
    CURVE,
    EVAL,
    SCORE;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
