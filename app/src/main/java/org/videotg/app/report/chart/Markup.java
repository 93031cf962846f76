package org.videotg.app.report.chart;

import java.util.Locale;

/**
 * HTML and SVG as text. Whatever comes from a file passes through {@link #escape} on its way into the page, so a query or a
 * reply can never become markup.
 */
public final class Markup {
    private Markup() {}

    /** Safe as text and inside a quoted attribute; control characters other than tab and line end become U+FFFD. */
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
     * @param content markup, used as it is
     * @param attributes names and values in turn; values are escaped, numbers written by {@link #coordinate}
     */
    public static String element(String name, String content, Object... attributes) {
        return open(name, attributes) + content + "</" + name + ">";
    }

    /** An element around text, which is escaped. */
    public static String text(String name, String text, Object... attributes) {
        return element(name, escape(text), attributes);
    }

    /** The start tag alone: all there is of an {@code img} or a {@code meta}. */
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

    /** At most two decimals, without trailing zeros; for places on the page, not for results. */
    public static String coordinate(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("there is no place " + value + " on a page");
        }
        String text = String.format(Locale.ROOT, "%.2f", value);
        text = text.replaceAll("\\.?0+$", "");
        return text.equals("-0") ? "0" : text;
    }
}
