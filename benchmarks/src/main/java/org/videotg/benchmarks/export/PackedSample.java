package org.videotg.benchmarks.export;

import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/**
 * A whole sample, curation included, as the text of one column. Text, since the column then has one type in every row: loaders
 * that build Arrow tables refuse columns whose structure differs from row to row.
 */
public final class PackedSample {
    /** The column. */
    public static final String FIELD = "sample";

    private PackedSample() {}

    static String pack(Sample sample) {
        return Json.line(Samples.toJson(sample));
    }

    /**
     * @throws org.videotg.core.io.InputException if the text is not a row of our jsonl
     */
    public static Sample unpack(String text) {
        String where = "\"" + FIELD + "\"";
        return Samples.parse(new Jsonl.Row(Json.parse(text, where), where));
    }
}
