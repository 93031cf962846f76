package org.videotg.method.agent;

import com.fasterxml.jackson.databind.JsonNode;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.Sample;

/** One row of a verdict file: what an agent found out about a sample, with model, settings and cost. */
public interface Verdict {
    /** The sample's id. */
    String id();

    /** The {@link #fingerprint} of the judged sample; null if the file was not written by videotg. */
    String sample();

    /** The model that answered; null if the file was not written by videotg. */
    ModelIdentity model();

    /** The agent's settings with the texts of its prompt; null if the file was not written by videotg. */
    JsonNode settings();

    /** What this verdict has cost. */
    Cost cost();

    /** Why the sample could not be judged (such as an unreadable video), or null. */
    String error();

    /** Whether the sample could not be judged. */
    default boolean failed() {
        return error() != null;
    }

    /**
     * Fingerprint of what an agent judges: question, annotation, the video's name and its clip, 16 hex digits. The
     * video's folder is left out, so that a data set may move.
     */
    static String fingerprint(Sample sample) {
        String name = sample.video().substring(sample.video().lastIndexOf('/') + 1)
                + (sample.clip().isWhole()
                        ? ""
                        : " " + sample.clip().start() + "-" + sample.clip().end());
        return Sha256.of(Json.line(new Object[] {
                    sample.id(),
                    name,
                    sample.duration(),
                    sample.query(),
                    sample.intervals(),
                    sample.task().id(),
                    sample.options(),
                    sample.answer()
                }))
                .substring(0, 16);
    }
}
