package org.videotg.app.report.chart;

/** The few SVG shapes that the report draws. Colours come from classes, so that light, dark and paper differ in one place. */
public final class Svg {
    private Svg() {}

    /**
     * A picture with its text alternative.
     *
     * @param label what a reader who can't see it should know
     */
    public static String picture(double width, double height, String label, String content, Object... attributes) {
        Object[] all = new Object[attributes.length + 6];
        System.arraycopy(attributes, 0, all, 6, attributes.length);
        all[0] = "viewBox";
        all[1] = "0 0 " + Markup.coordinate(width) + " " + Markup.coordinate(height);
        all[2] = "role";
        all[3] = "img";
        all[4] = "aria-label";
        all[5] = label;
        return Markup.element("svg", content, all);
    }

    public static String line(String css, double x1, double y1, double x2, double y2) {
        return Markup.element("line", "", "class", css, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
    }

    /** A rectangle; {@code tooltip} is shown on hovering and read out, blank for none. */
    public static String rect(String css, double x, double y, double width, double height, String tooltip) {
        return Markup.element("rect", title(tooltip), "class", css, "x", x, "y", y, "width", width, "height", height);
    }

    public static String circle(String css, double x, double y, double radius, String tooltip) {
        return Markup.element("circle", title(tooltip), "class", css, "cx", x, "cy", y, "r", radius);
    }

    public static String path(String css, double[] x, double[] y, String tooltip) {
        StringBuilder d = new StringBuilder();
        for (int i = 0; i < x.length; i++) {
            d.append(i == 0 ? "M" : "L")
                    .append(Markup.coordinate(x[i]))
                    .append(' ')
                    .append(Markup.coordinate(y[i]));
        }
        return Markup.element("path", title(tooltip), "class", css, "d", d);
    }

    /** @param anchor start, middle or end */
    public static String label(String css, double x, double y, String anchor, String text) {
        return Markup.text("text", text, "class", css, "x", x, "y", y, "text-anchor", anchor);
    }

    private static String title(String tooltip) {
        return tooltip.isBlank() ? "" : Markup.text("title", tooltip);
    }
}
