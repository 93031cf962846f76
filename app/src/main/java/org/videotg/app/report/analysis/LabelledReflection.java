package org.videotg.app.report.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.videotg.app.report.run.ReportedSamples.Located;
import org.videotg.app.report.run.RunParts;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.method.reflection.ReflectionRule;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * A verdict of the reflection agent beside the planted truth.
 *
 * @param settings with which the verdict was made
 * @param truly whether the sample is partially annotated according to the planted truth
 */
public record LabelledReflection(Sample sample, ReflectionVerdict verdict, ReflectionSettings settings, boolean truly) {
    /** All verdicts on samples whose truth is known, without those that could not be judged, in the order of the data. */
    public static List<LabelledReflection> of(RunParts run) {
        List<LabelledReflection> labelled = new ArrayList<>();
        for (Located located : run.train()) {
            Sample sample = located.sample();
            ReflectionVerdict verdict = run.reflections().get(sample.id());
            List<Interval> truth = run.truth().get(sample.id());
            if (verdict != null && truth != null && !verdict.failed()) {
                ReflectionSettings settings = settings(verdict);
                labelled.add(new LabelledReflection(sample, verdict, settings, partial(sample, truth, settings)));
            }
        }
        return labelled;
    }

    /** Truly partial iff the planted truth minus the annotation, dilated by the tolerance, is not empty. */
    public static boolean partial(Sample sample, List<Interval> truth, ReflectionSettings settings) {
        return !Intervals.subtract(truth, ReflectionRule.dilated(sample.intervals(), settings))
                .isEmpty();
    }

    /** The settings recorded with a verdict; the defaults if it has none that can be read. */
    public static ReflectionSettings settings(ReflectionVerdict verdict) {
        JsonNode recorded = verdict.settings();
        if (recorded == null || !recorded.isObject()) {
            return ReflectionSettings.defaults();
        }
        try {
            return Json.convert(recorded, ReflectionSettings.class, "settings");
        } catch (InputException e) {
            return ReflectionSettings.defaults();
        }
    }
}
