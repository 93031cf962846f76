package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.videotg.core.io.InputException;

/** Profiles by name. */
public final class Profiles {
    /** Names lmms-eval's task for the annotations' format. */
    public static final String LMMS_EVAL = "lmms-eval";

    private static final Map<String, Function<Settings, MetricProfile>> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("timer1", settings -> new TimeR1());
        KNOWN.put("timezero", settings -> new TimeZero());
        KNOWN.put("videochat-r1", settings -> new VideoChatR1());
        KNOWN.put("timelens", settings -> new TimeLens());
        KNOWN.put(LMMS_EVAL, settings -> settings.timeLens() ? new LmmsEvalTimeLens() : new LmmsEvalCharades());
        KNOWN.put("lmms-eval-charades", settings -> new LmmsEvalCharades());
        KNOWN.put("lmms-eval-timelens", settings -> new LmmsEvalTimeLens());
        KNOWN.put("videomind", settings -> new VideoMind(settings.unitOrFail()));
        KNOWN.put("moment-detr", settings -> new MomentDetr(MomentDetr.Evaluator.MOMENT_DETR));
        KNOWN.put("cg-detr", settings -> new MomentDetr(MomentDetr.Evaluator.CG_DETR));
        KNOWN.put("videomind-qvhighlights", settings -> new MomentDetr(MomentDetr.Evaluator.VIDEOMIND));
        KNOWN.put("nextgqa", settings -> new NextGqa(settings.fractions()));
        KNOWN.put("rextime", settings -> new ReXTime());
        KNOWN.put("timechat", settings -> new TimeChat());
        KNOWN.put("nextqa", settings -> new NextQa());
    }

    private Profiles() {}

    /**
     * What some profiles must be told.
     *
     * @param unit seconds to which VideoMind rounds for this data set; null if it is unknown
     * @param fractions whether NExT-GQA's predictions are fractions of the duration
     * @param timeLens whether the annotations are TimeLens's, which lmms-eval scores in another way
     */
    public record Settings(Double unit, boolean fractions, boolean timeLens) {
        private double unitOrFail() {
            if (unit == null) {
                throw new InputException(
                        "profile videomind rounds to a unit of the data set, which the annotations don't show; "
                                + "give --unit: 0.1 for Charades-STA and NExT-GQA, 0.01 for ActivityNet, 2 for QVHighlights, 1 for "
                                + "ReXTime, "
                                + "0.001 for TACoS");
            }
            return unit;
        }
    }

    /** Every name there is. */
    public static List<String> names() {
        return new ArrayList<>(KNOWN.keySet());
    }

    /**
     * The profile of that name.
     *
     * @throws InputException if there is none, or it needs a setting that is not given
     */
    public static MetricProfile named(String name, Settings settings) {
        Function<Settings, MetricProfile> profile = KNOWN.get(name);
        if (profile == null) {
            throw new InputException("unknown profile \"" + name + "\"; known: " + String.join(", ", names()));
        }
        return profile.apply(settings);
    }
}
