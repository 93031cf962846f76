package org.videotg.app.report.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.videotg.app.report.run.RunParts.Located;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.run.Draw;

/**
 * A sample shown in the report, drawn by a fixed seed from all of its kind.
 *
 * @param before prediction of the zero-shot arm
 * @param after prediction of the method, or of the run's only arm
 */
public record ShownSample(Kind kind, Located located, Optional<Prediction> before, Optional<Prediction> after) {
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
        List<Group> groups = new ArrayList<>();
        groups.add(draw(
                Kind.KEPT,
                EACH,
                run.train(),
                first,
                second,
                one -> judged(run, one)
                        && !run.reflections().get(one.located().sample().id()).partial()));
        groups.add(draw(
                Kind.FLAGGED,
                EACH,
                run.train(),
                first,
                second,
                one -> judged(run, one)
                        && run.reflections().get(one.located().sample().id()).partial()));
        boolean paired = !first.isEmpty() && run.arm(Arm.Role.METHOD).isPresent() && !second.isEmpty();
        if (paired) {
            groups.add(draw(Kind.IMPROVED, EACH, run.test(), first, second, one -> one.change() >= CHANGE));
            groups.add(draw(Kind.WORSENED, EACH, run.test(), first, second, one -> one.change() <= -CHANGE));
        } else {
            groups.add(draw(
                    Kind.TESTED,
                    2 * EACH,
                    run.test(),
                    first,
                    second,
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

    private static boolean judged(RunParts run, ShownSample one) {
        String id = one.located().sample().id();
        return run.reflections().containsKey(id) && !run.reflections().get(id).failed();
    }

    private static Group draw(
            Kind kind,
            int wanted,
            List<Located> from,
            Map<String, Prediction> before,
            Map<String, Prediction> after,
            Predicate<ShownSample> fits) {
        List<ShownSample> all = from.stream()
                .map(located -> new ShownSample(
                        kind,
                        located,
                        Optional.ofNullable(before.get(located.sample().id())),
                        Optional.ofNullable(after.get(located.sample().id()))))
                .filter(fits)
                .toList();
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
