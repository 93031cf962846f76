package org.videotg.app.project;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.videotg.app.project.Schedule.Stage;

/** What a project needs, as a dry run prints it. */
final class Estimate {
    private static final double HOUR = 3600;
    private static final double GIB = 1 << 30;

    private Estimate() {}

    /** CPU seconds by kind of stage. */
    private static final class Sum {
        private int stages;
        private int done;
        private double seconds;
        private double left;

        void add(Stage stage) {
            boolean finished = stage.done();
            stages++;
            done += finished ? 1 : 0;
            seconds += stage.seconds();
            left += finished ? 0 : stage.seconds();
        }

        String line(String kind) {
            return String.format(
                    Locale.ROOT, "%-10s %7d %7d %10.2f %10.2f", kind, stages, done, seconds / HOUR, left / HOUR);
        }
    }

    static List<String> of(Project project, List<Cell> cells, List<Stage> stages, int workers) {
        Map<StageKind, Sum> kinds = new EnumMap<>(StageKind.class);
        Sum all = new Sum();
        for (Stage stage : stages) {
            kinds.computeIfAbsent(stage.kind(), key -> new Sum()).add(stage);
            all.add(stage);
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(Locale.ROOT, "%-10s %7s %7s %10s %10s", "stage", "number", "done", "CPU hours", "left"));
        kinds.forEach((kind, sum) -> lines.add(sum.line(kind.id())));
        lines.add(all.line("all"));
        lines.add(String.format(
                Locale.ROOT,
                "about %.1f hours with %d processes; %.1f GiB on disk, by the project's \"rates\"",
                all.left / HOUR / workers,
                workers,
                disk(project, cells) / GIB));
        return lines;
    }

    private static double disk(Project project, List<Cell> cells) {
        Rates rates = project.rates();
        double bytes = 0;
        for (Cell cell : cells) {
            DataSet.World world = cell.data().world();
            if (world != null) {
                long videos = (long) world.train() + world.test();
                bytes += videos * rates.featureBytes();
                // Rendered once for all bases.
                bytes += videos * rates.videoBytes() / (double) project.bases().size();
            }
            bytes += cell.arms().stream().filter(Project.Arm::isTrained).count() * rates.armBytes();
        }
        return bytes;
    }
}
