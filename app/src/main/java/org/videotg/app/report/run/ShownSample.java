package org.videotg.app.report.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.videotg.app.report.run.RunParts.Located;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.run.Draw;
import org.videotg.method.reflection.ReflectionVerdict;

/**
 * A sample shown in the report, drawn by a fixed seed from all of its kind.
 *
 * @param before prediction of the zero-shot arm
 * @param after prediction of the method, or of the run's only arm
 */
public record ShownSample(Located located, Optional<Prediction> before, Optional<Prediction> after) {
    /** Least change of the IoU that counts as better or worse. */
    public static final double CHANGE = 0.1;

    private static final int EACH = 3;

    /** Why a sample is shown. */
    public enum Kind {
        KEPT("Training samples that reflection kept"),
        FLAGGED("Training samples that reflection found partial"),
        IMPROVED("Test samples on which the method improved"),
        WORSENED("Test samples on which the method got worse"),
        TESTED("Test samples");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /** Samples drawn from {@code outOf} samples of a kind. */
    public record Group(Kind kind, int outOf, List<ShownSample> samples) {}

    /** Draws three samples of each kind; six test samples if there are no two arms to compare. */
    public static List<Group> choose(RunParts run) {
        Optional<Arm> after = run.arm(Arm.Role.METHOD)
                .or(() -> run.arms().size() == 1 ? Optional.of(run.arms().get(0)) : Optional.empty());
        Map<String, Prediction> first = byId(run.arm(Arm.Role.ZERO_SHOT));
        Map<String, Prediction> second = byId(after);
        Function<List<Located>, List<ShownSample>> shown = samples -> samples.stream()
                .map(located -> new ShownSample(
                        located,
                        Optional.ofNullable(first.get(located.sample().id())),
                        Optional.ofNullable(second.get(located.sample().id()))))
                .toList();
        List<ShownSample> train = shown.apply(run.train());
        List<ShownSample> test = shown.apply(run.test());
        List<Group> groups = new ArrayList<>();
        groups.add(draw(Kind.KEPT, EACH, train, one -> judged(run, one, false)));
        groups.add(draw(Kind.FLAGGED, EACH, train, one -> judged(run, one, true)));
        boolean paired = !first.isEmpty() && run.arm(Arm.Role.METHOD).isPresent() && !second.isEmpty();
        if (paired) {
            groups.add(draw(Kind.IMPROVED, EACH, test, one -> one.change() >= CHANGE));
            groups.add(draw(Kind.WORSENED, EACH, test, one -> one.change() <= -CHANGE));
        } else {
            groups.add(draw(
                    Kind.TESTED,
                    2 * EACH,
                    test,
                    one -> one.before().isPresent() || one.after().isPresent()));
        }
        groups.removeIf(group -> group.samples().isEmpty());
        return groups;
    }

    /** Returns the IoU after minus the IoU before; 0 if either is missing. */
    public double change() {
        return before.isPresent() && after.isPresent()
                ? after.get().iou() - before.get().iou()
                : 0;
    }

    private static boolean judged(RunParts run, ShownSample one, boolean partial) {
        ReflectionVerdict verdict = run.reflections().get(one.located().sample().id());
        return verdict != null && !verdict.failed() && verdict.partial() == partial;
    }

    private static Group draw(Kind kind, int wanted, List<ShownSample> from, Predicate<ShownSample> fits) {
        List<ShownSample> all = from.stream().filter(fits).toList();
        List<ShownSample> drawn = all.stream()
                .sorted(Comparator.comparingLong(one ->
                        Draw.bits(0, "report", Draw.key(one.located().sample().id()))))
                .limit(wanted)
                .toList();
        return new Group(kind, all.size(), drawn);
    }

    private static Map<String, Prediction> byId(Optional<Arm> arm) {
        Map<String, Prediction> found = new HashMap<>();
        arm.ifPresent(one -> one.predictions().forEach(prediction -> found.put(prediction.id(), prediction)));
        return found;
    }
}
