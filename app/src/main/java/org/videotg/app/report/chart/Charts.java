package org.videotg.app.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Charts as HTML figures with inline SVG: a title, labelled axes, a legend whose marks differ by dash or shape as well
 * as by colour, and a text alternative. The same values give the same text.
 */
public final class Charts {
    /** Number of colours in the palette; larger indices wrap around. */
    public static final int COLOURS = 7;

    private static final double WIDTH = 460;
    private static final double HEIGHT = 290;
    private static final double LEFT = 52;
    private static final double RIGHT = WIDTH - 24;
    private static final double TOP = 14;
    private static final double BOTTOM = HEIGHT - 44;

    private Charts() {}

    /** A labelled straight line across a chart, such as a threshold. */
    public record Mark(double at, boolean vertical, String label) {}

    /**
     * One layer of stacked bars.
     *
     * @param counts one per bar, not negative
     */
    public record Layer(String name, int colour, double[] counts) {}

    /**
     * A chart of lines and points.
     *
     * @param title of the figure, a sentence
     * @param summary further text for readers who can't see the chart
     */
    public static String lines(String title, String summary, Axis x, Axis y, List<Series> series, List<Mark> marks) {
        String drawn = series.stream().map(one -> draw(one, x, y)).collect(Collectors.joining());
        return figure(
                title,
                summary,
                frame(x, y) + marks(marks, x, y) + drawn,
                series.stream()
                        .filter(one -> !one.name().isBlank())
                        .map(one -> legend(one.name(), swatch(one)))
                        .collect(Collectors.joining()));
    }

    /** A chart of lines with an x axis that fits them. */
    public static String lines(String title, String summary, String xLabel, Axis y, List<Series> series) {
        return lines(title, summary, fitted(xLabel, series, Series::x), y, series, List.of());
    }

    /** An axis around the values of all series. */
    public static Axis fitted(String label, List<Series> series, Function<Series, double[]> values) {
        return Axis.aroundAll(label, series.stream().map(values).toList());
    }

    /**
     * A chart of stacked bars, the first layer at the bottom.
     *
     * @param edges of the bars on the x axis, one more than bars
     */
    public static String bars(
            String title, String summary, Axis x, Axis y, double[] edges, List<Layer> layers, List<Mark> marks) {
        StringBuilder drawn = new StringBuilder();
        double[] base = new double[edges.length - 1];
        for (Layer layer : layers) {
            for (int i = 0; i < base.length; i++) {
                double top = base[i] + layer.counts()[i];
                double left = place(x, edges[i]) + 1;
                if (layer.counts()[i] > 0) {
                    drawn.append(Markup.Svg.rect(
                            "bar " + colour(layer.colour()),
                            left,
                            height(y, top),
                            place(x, edges[i + 1]) - 1 - left,
                            height(y, base[i]) - height(y, top),
                            layer.name() + ", " + x.tickText(edges[i]) + " to " + x.tickText(edges[i + 1]) + ": "
                                    + Numbers.count(Math.round(layer.counts()[i]))));
                }
                base[i] = top;
            }
        }
        String legend = layers.stream()
                .map(layer -> legend(layer.name(), Markup.Svg.rect("bar " + colour(layer.colour()), 4, 1, 16, 10, "")))
                .collect(Collectors.joining());
        return figure(title, summary, frame(x, y) + drawn + marks(marks, x, y), legend);
    }

    /** Returns the CSS class of a colour. */
    public static String colour(int index) {
        return "c" + Math.floorMod(index, COLOURS);
    }

    private static String figure(String title, String summary, String content, String legend) {
        String svg = Markup.Svg.picture(
                WIDTH, HEIGHT, title + (summary.isBlank() ? "" : ". " + summary), content, "class", "chart");
        return Markup.element(
                "figure",
                Markup.text("figcaption", title)
                        + svg
                        + (legend.isEmpty() ? "" : Markup.element("ul", legend, "class", "legend")));
    }

    private static String legend(String name, String mark) {
        return Markup.element(
                "li",
                Markup.element("svg", mark, "viewBox", "0 0 24 12", "class", "swatch", "aria-hidden", "true")
                        + Markup.escape(name));
    }

    private static String swatch(Series series) {
        return series.form() == Series.Form.POINTS
                ? point(series.colour(), 12, 6, "")
                : Markup.Svg.line("line " + colour(series.colour()), 0, 6, 24, 6);
    }

    private static String frame(Axis x, Axis y) {
        StringBuilder out = new StringBuilder();
        for (double tick : y.ticks()) {
            out.append(Markup.Svg.line("grid", LEFT, height(y, tick), RIGHT, height(y, tick)))
                    .append(Markup.Svg.label("tick", LEFT - 6, height(y, tick) + 4, "end", y.tickText(tick)));
        }
        for (double tick : x.ticks()) {
            out.append(Markup.Svg.line("axis", place(x, tick), BOTTOM, place(x, tick), BOTTOM + 4))
                    .append(Markup.Svg.label("tick", place(x, tick), BOTTOM + 17, "middle", x.tickText(tick)));
        }
        double middle = (TOP + BOTTOM) / 2;
        return out.append(Markup.Svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM))
                .append(Markup.Svg.label("label", (LEFT + RIGHT) / 2, HEIGHT - 8, "middle", x.label()))
                .append(Markup.text(
                        "text",
                        y.label(),
                        "class",
                        "label",
                        "x",
                        13.0,
                        "y",
                        middle,
                        "text-anchor",
                        "middle",
                        "transform",
                        "rotate(-90 13 " + Markup.coordinate(middle) + ")"))
                .toString();
    }

    private static String marks(List<Mark> marks, Axis x, Axis y) {
        StringBuilder out = new StringBuilder();
        for (Mark mark : marks) {
            if (mark.vertical()) {
                double at = place(x, mark.at());
                boolean right = at > (LEFT + RIGHT) / 2;
                out.append(Markup.Svg.line("mark", at, TOP, at, BOTTOM))
                        .append(Markup.Svg.label(
                                "note", right ? at - 5 : at + 5, TOP + 10, right ? "end" : "start", mark.label()));
            } else {
                double at = height(y, mark.at());
                out.append(Markup.Svg.line("mark", LEFT, at, RIGHT, at))
                        .append(Markup.Svg.label("note", LEFT + 5, at - 5, "start", mark.label()));
            }
        }
        return out.toString();
    }

    private static String draw(Series series, Axis x, Axis y) {
        double[] px = Arrays.stream(series.x()).map(value -> place(x, value)).toArray();
        double[] py = Arrays.stream(series.y()).map(value -> height(y, value)).toArray();
        String css = colour(series.colour());
        if (series.form() != Series.Form.POINTS && px.length > 1) {
            return Markup.Svg.path(
                    (series.form() == Series.Form.FAINT ? "faint " : "line ") + css, px, py, series.name());
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < px.length; i++) {
            out.append(point(series.colour(), px[i], py[i], series.name()));
        }
        return out.toString();
    }

    /** Draws a circle, a square or a triangle, so that 21 series differ by shape or colour. */
    private static String point(int index, double x, double y, String name) {
        String css = "point " + colour(index);
        return switch (Math.floorMod(index, 3)) {
            case 0 -> Markup.Svg.circle(css, x, y, 4.5, name);
            case 1 -> Markup.Svg.rect(css, x - 4, y - 4, 8, 8, name);
            default ->
                Markup.Svg.polygon(css, new double[] {x, x + 5, x - 5}, new double[] {y - 5.5, y + 3.5, y + 3.5}, name);
        };
    }

    private static double place(Axis x, double value) {
        return LEFT + x.share(value) * (RIGHT - LEFT);
    }

    private static double height(Axis y, double value) {
        return BOTTOM - y.share(value) * (BOTTOM - TOP);
    }

    /**
     * A series of points in a chart.
     *
     * @param name in the legend; blank for none
     * @param colour index into the palette; the same arm has the same colour in all charts
     * @param x values in drawing order
     * @param y values, as many as x
     */
    public record Series(String name, int colour, double[] x, double[] y, Form form) {
        /** Ways to draw a series. */
        public enum Form {
            LINE,
            /** A thin pale line behind the smoothed one. */
            FAINT,
            POINTS
        }

        public Series {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(form, "form");
            if (x.length != y.length) {
                throw new IllegalArgumentException(
                        "series \"" + name + "\" has " + x.length + " x and " + y.length + " y");
            }
        }

        public static Series line(String name, int colour, double[] x, double[] y) {
            return new Series(name, colour, x, y, Form.LINE);
        }

        public Series faint() {
            return new Series("", colour, x, y, Form.FAINT);
        }

        /** Returns the moving average over {@code radius} values to either side. */
        public Series smoothed(int radius) {
            double[] smooth = new double[y.length];
            for (int i = 0; i < y.length; i++) {
                int from = Math.max(0, i - radius);
                int to = Math.min(y.length - 1, i + radius);
                double sum = 0;
                for (int j = from; j <= to; j++) {
                    sum += y[j];
                }
                smooth[i] = sum / (to - from + 1);
            }
            return new Series(name, colour, x, smooth, form);
        }

        /** Returns at most {@code most} evenly chosen points, including the first and the last. */
        public Series thinned(int most) {
            if (x.length <= most) {
                return this;
            }
            double[] fewerX = new double[most];
            double[] fewerY = new double[most];
            for (int i = 0; i < most; i++) {
                int from = (int) Math.round((double) i * (x.length - 1) / (most - 1));
                fewerX[i] = x[from];
                fewerY[i] = y[from];
            }
            return new Series(name, colour, fewerX, fewerY, form);
        }
    }
}
