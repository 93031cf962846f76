package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.fixed;

import java.util.List;
import java.util.stream.Collectors;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.chart.Svg;
import org.videotg.core.sample.Interval;

/** Lanes of intervals below a film strip. Names stand beside the lanes as text and stay legible when those shrink. */
final class Timeline {
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 12;
    /** An interval is drawn at least this wide. */
    private static final double LEAST = 3;

    private Timeline() {}

    /**
     * @param duration seconds that the lane is wide
     * @param intervals in seconds; empty and reversed ones are written but have nothing to draw
     * @param note stands behind the seconds, such as an IoU; blank for none
     */
    static String lane(String css, String name, double duration, List<Interval> intervals, String note) {
        StringBuilder drawn = new StringBuilder(Svg.rect("track", 0, 0, WIDTH, HEIGHT, ""));
        for (Interval interval : intervals) {
            Interval inside = interval.clamp(duration);
            if (!inside.isEmpty()) {
                double left = Math.min(inside.start() / duration * WIDTH, WIDTH - LEAST);
                drawn.append(Svg.rect(
                        css,
                        left,
                        0,
                        Math.max(LEAST, inside.length() / duration * WIDTH),
                        HEIGHT,
                        name + " " + seconds(interval)));
            }
        }
        String text = intervals.isEmpty()
                ? "none"
                : intervals.stream().map(Timeline::seconds).collect(Collectors.joining(", "));
        String bar = Svg.picture(
                WIDTH, HEIGHT, name + ": " + text, drawn.toString(), "preserveAspectRatio", "none", "class", "lane");
        return row(Markup.text("span", name, "class", "name")
                + bar
                + Markup.text("span", text + (note.isBlank() ? "" : " · " + note), "class", "value"));
    }

    /** The seconds below all lanes. */
    static String scale(double duration) {
        return row(Markup.element(
                "span",
                Markup.text("span", "0 s")
                        + Markup.text("span", fixed(duration / 2, 1) + " s")
                        + Markup.text("span", fixed(duration, 1) + " s"),
                "class",
                "scale"));
    }

    /** A row of a time line: what stands in its middle is as wide as the lanes. */
    static String row(String content) {
        return Markup.element("div", content, "class", "row");
    }

    private static String seconds(Interval interval) {
        return fixed(interval.start(), 1) + "–" + fixed(interval.end(), 1) + " s";
    }
}
