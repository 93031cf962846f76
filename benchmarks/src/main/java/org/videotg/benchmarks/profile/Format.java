package org.videotg.benchmarks.profile;

/** Whose annotations a file holds, as far as profiles need to know. */
public enum Format {
    CHARADES_STA("Charades-STA", 0.1),
    VIDEO_KEYED("a json of videos with timestamps and sentences", null),
    QVHIGHLIGHTS("QVHighlights", 2.0),
    TACOS("TACoS", 0.001),
    WINDOWS("jsonl with relevant_windows", null),
    TIME_CHAT("TimeChat", null),
    VIDEO_MIND("VideoMind", null),
    TIME_R1("Time-R1", null),
    TVG_BENCH("TVGBench", null),
    NEXT_GQA("NExT-GQA", 0.1),
    REX_TIME("ReXTime", 1.0),
    TIME_LENS("TimeLens", null),
    QUESTIONS("a csv of questions", null),
    DURATIONS("a csv of durations", null),
    OWN("own jsonl", null);

    private final String label;
    private final Double unit;

    Format(String label, Double unit) {
        this.label = label;
        this.unit = unit;
    }

    /** What people call it. */
    public String label() {
        return label;
    }

    /** Seconds to which VideoMind rounds predictions on this set; null if the format does not tell the set. */
    public Double unit() {
        return unit;
    }
}
