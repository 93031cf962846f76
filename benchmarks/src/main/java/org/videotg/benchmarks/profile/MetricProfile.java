package org.videotg.benchmarks.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.profile.Pairing.Pair;
import org.videotg.core.io.InputException;

/** The convention by which one published evaluator turns predictions into numbers. */
public abstract class MetricProfile {
    private final String name;
    private final String convention;

    /**
     * @param name on the command line and in reports
     * @param convention how it differs from other conventions, in one line
     */
    MetricProfile(String name, String convention) {
        this.name = name;
        this.convention = convention;
    }

    public final String name() {
        return name;
    }

    public final String convention() {
        return convention;
    }

    /**
     * Scores paired rows.
     *
     * @return the evaluator's metrics by its own names, rounded as it rounds, and one row for every pair, in their
     *     order
     * @throws InputException if the rows lack what the evaluator needs, or it would stop on them
     */
    abstract Score score(List<Pair> pairs);

    /** Every profile by its name, one line each. */
    private static Map<String, Function<Settings, MetricProfile>> all() {
        Map<String, Function<Settings, MetricProfile>> all = new LinkedHashMap<>();
        all.put("timer1", settings -> new TimeR1Profile());
        all.put("timezero", settings -> new TimeZeroProfile());
        all.put("videochat-r1", settings -> new VideoChatR1Profile());
        all.put("timelens", settings -> new TimeLensProfile());
        all.put("lmms-eval", settings -> new LmmsEvalProfile(settings.timeLens()));
        all.put("lmms-eval-charades", settings -> new LmmsEvalProfile(false));
        all.put("lmms-eval-timelens", settings -> new LmmsEvalProfile(true));
        all.put("videomind", settings -> new VideoMindProfile(settings.unitOrFail()));
        all.put("moment-detr", settings -> new MomentDetrProfile(MomentDetrProfile.Evaluator.MOMENT_DETR));
        all.put("cg-detr", settings -> new MomentDetrProfile(MomentDetrProfile.Evaluator.CG_DETR));
        all.put("videomind-qvhighlights", settings -> new MomentDetrProfile(MomentDetrProfile.Evaluator.VIDEOMIND));
        all.put("nextgqa", settings -> new NextGqaProfile(settings.fractions()));
        all.put("rextime", settings -> new RexTimeProfile());
        all.put("timechat", settings -> new TimeChatProfile());
        all.put("nextqa", settings -> new NextQaProfile());
        return all;
    }

    /** The names of all profiles, as the command line takes them. */
    public static List<String> names() {
        return new ArrayList<>(all().keySet());
    }

    /**
     * Returns the profile of that name.
     *
     * @throws InputException if there is none, or it needs a setting that is not given
     */
    static MetricProfile named(String name, Settings settings) {
        Function<Settings, MetricProfile> profile = all().get(name);
        if (profile == null) {
            throw new InputException("unknown profile \"" + name + "\"; known: " + String.join(", ", names()));
        }
        return profile.apply(settings);
    }

    /**
     * What the rows leave open to some profiles.
     *
     * @param unit seconds to which VideoMind rounds for this data set; null if it is unknown
     * @param fractions whether NExT-GQA's predictions are fractions of the duration
     * @param timeLens whether the annotations are TimeLens's, which lmms-eval scores in another way
     */
    public record Settings(Double unit, boolean fractions, boolean timeLens) {
        /** The settings for these rows; a null {@code unit} is taken from the annotations' format. */
        public static Settings of(
                Double unit, boolean fractions, List<AnnotationFile> annotations, List<PredictedRow> predictions) {
            boolean timeLens =
                    annotations.stream().anyMatch(file -> file.format().name().startsWith("timelens"));
            return new Settings(
                    unit == null ? VideoMindProfile.unit(annotations, predictions) : unit, fractions, timeLens);
        }

        private double unitOrFail() {
            if (unit == null) {
                throw new InputException(
                        "profile videomind rounds to a unit of the data set, which the annotations don't show; give the unit (--unit): 0.1 "
                                + "for Charades-STA and NExT-GQA, 0.01 for ActivityNet, 2 for QVHighlights, 1 for ReXTime, "
                                + "0.001 for TACoS");
            }
            return unit;
        }
    }
}
