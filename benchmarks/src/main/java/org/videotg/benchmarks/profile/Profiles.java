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
        KNOWN.put("timer1", settings -> new TimeR1Profile());
        KNOWN.put("timezero", settings -> new TimeZeroProfile());
        KNOWN.put("videochat-r1", settings -> new VideoChatR1Profile());
        KNOWN.put("timelens", settings -> new TimeLensProfile());
        KNOWN.put(
                LMMS_EVAL,
                settings -> settings.timeLens() ? new LmmsEvalTimeLensProfile() : new LmmsEvalCharadesProfile());
        KNOWN.put("lmms-eval-charades", settings -> new LmmsEvalCharadesProfile());
        KNOWN.put("lmms-eval-timelens", settings -> new LmmsEvalTimeLensProfile());
        KNOWN.put("videomind", settings -> new VideoMindProfile(settings.unitOrFail()));
        KNOWN.put("moment-detr", settings -> new MomentDetrProfile(MomentDetrProfile.Evaluator.MOMENT_DETR));
        KNOWN.put("cg-detr", settings -> new MomentDetrProfile(MomentDetrProfile.Evaluator.CG_DETR));
        KNOWN.put("videomind-qvhighlights", settings -> new MomentDetrProfile(MomentDetrProfile.Evaluator.VIDEOMIND));
        KNOWN.put("nextgqa", settings -> new NextGqaProfile(settings.fractions()));
        KNOWN.put("rextime", settings -> new RexTimeProfile());
        KNOWN.put("timechat", settings -> new TimeChatProfile());
        KNOWN.put("nextqa", settings -> new NextQaProfile());
    }

    private Profiles() {}

    /**
     * What some profiles must be told.
     *
     * @param unit seconds to which VideoMindProfile rounds for this data set; null if it is unknown
     * @param fractions whether NExT-GQA's predictions are fractions of the duration
     * @param timeLens whether the annotations are TimeLensProfile's, which lmms-eval scores in another way
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
