package org.videotg.app.report.chart;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * HTML and SVG as text. All text from files passes through {@link #escape}, so a query or a reply can't become markup.
 */
public final class Markup {
    private Markup() {}

    /** Escapes text for elements and quoted attributes; control characters except tab and line end become U+FFFD. */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append((char) c);
                default ->
                    out.appendCodePoint(
                            Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c);
            }
        });
        return out.toString();
    }

    /**
     * An element around markup.
     *
     * @param content markup, not escaped
     * @param attributes alternating names and values; values are escaped, doubles written by {@link #coordinate}
     */
    public static String element(String name, String content, Object... attributes) {
        return open(name, attributes) + content + "</" + name + ">";
    }

    /** An element around text, which is escaped. */
    public static String text(String name, String text, Object... attributes) {
        return element(name, escape(text), attributes);
    }

    /** Returns a start tag, such as that of {@code img} or {@code meta}. */
    public static String open(String name, Object... attributes) {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException("attribute " + attributes[attributes.length - 1] + " has no value");
        }
        StringBuilder out = new StringBuilder("<").append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            Object value = attributes[i + 1];
            String written = value instanceof Double number ? coordinate(number) : value.toString();
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escape(written))
                    .append('"');
        }
        return out.append('>').toString();
    }

    /** Writes a coordinate with at most two decimals, without trailing zeros. */
    public static String coordinate(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("there is no place " + value + " on a page");
        }
        String text = String.format(Locale.ROOT, "%.2f", value);
        text = text.replaceAll("\\.?0+$", "");
        return text.equals("-0") ? "0" : text;
    }

    /** SVG shapes. Colours come from CSS classes, which differ between light, dark and print. */
    public static final class Svg {
        private Svg() {}

        /**
         * A picture with its text alternative.
         *
         * @param label text for readers who can't see the picture
         */
        public static String picture(double width, double height, String label, String content, Object... attributes) {
            String box = "0 0 " + coordinate(width) + " " + coordinate(height);
            Stream<Object> first = Stream.of("viewBox", box, "role", "img", "aria-label", label);
            return element(
                    "svg", content, Stream.concat(first, Stream.of(attributes)).toArray());
        }

        public static String line(String css, double x1, double y1, double x2, double y2) {
            return Markup.element("line", "", "class", css, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
        }

        /** A rectangle with a tooltip; blank for none. */
        public static String rect(String css, double x, double y, double width, double height, String tooltip) {
            return Markup.element(
                    "rect", title(tooltip), "class", css, "x", x, "y", y, "width", width, "height", height);
        }

        public static String circle(String css, double x, double y, double radius, String tooltip) {
            return Markup.element("circle", title(tooltip), "class", css, "cx", x, "cy", y, "r", radius);
        }

        /** A closed shape with a tooltip; blank for none. */
        public static String polygon(String css, double[] x, double[] y, String tooltip) {
            String points = IntStream.range(0, x.length)
                    .mapToObj(i -> Markup.coordinate(x[i]) + "," + Markup.coordinate(y[i]))
                    .collect(Collectors.joining(" "));
            return Markup.element("polygon", title(tooltip), "class", css, "points", points);
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
}
