package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.signed;

import java.util.List;
import java.util.Locale;
import org.videotg.app.report.chart.Markup;

/** Markup that several sections share. */
final class Section {
    private Section() {}

    static String of(String title, String... parts) {
        return Markup.element("section", Markup.text("h2", title) + String.join("", parts), "id", id(title)) + "\n";
    }

    private static String id(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-").replaceAll("^-|-$", "");
    }

    static String paragraph(String text) {
        return Markup.text("p", text);
    }

    /** A note that a part of the run is missing. */
    static String missing(String text) {
        return Markup.text("p", text, "class", "missing");
    }

    /** Two columns, one below the other on a narrow screen. */
    static String columns(String left, String right) {
        return Markup.element("div", Markup.element("div", left) + Markup.element("div", right), "class", "columns");
    }

    /**
     * A table that scrolls sideways where it does not fit.
     *
     * @param rows cells as markup; the first of a row is its header
     */
    static String table(String caption, List<String> head, List<List<String>> rows) {
        return table(caption, head, rows, "");
    }

    /** Returns a difference and its interval, which stays on one line. */
    static String difference(double mean, double low, double high) {
        return signed(mean, 3) + " "
                + Markup.text("span", "[" + signed(low, 3) + ", " + signed(high, 3) + "]", "class", "range");
    }

    /** A table whose rows become lists of names and values on a narrow screen. */
    static String stackedTable(String caption, List<String> head, List<List<String>> rows) {
        return table(caption, head, rows, "stacked");
    }

    private static String table(String caption, List<String> head, List<List<String>> rows, String css) {
        StringBuilder out = new StringBuilder();
        head.forEach(cell -> out.append(Markup.text("th", cell, "scope", "col")));
        StringBuilder body = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder cells = new StringBuilder(Markup.element("th", row.get(0), "scope", "row"));
            for (int i = 1; i < row.size(); i++) {
                cells.append(
                        css.isEmpty()
                                ? Markup.element("td", row.get(i))
                                : Markup.element("td", row.get(i), "data-name", head.get(i)));
            }
            body.append(Markup.element("tr", cells.toString()));
        }
        return Markup.element(
                "div",
                Markup.element(
                        "table",
                        Markup.element("caption", Markup.text("span", caption))
                                + Markup.element("thead", Markup.element("tr", out.toString()))
                                + Markup.element("tbody", body.toString()),
                        "class",
                        css),
                "class",
                "scroll",
                "tabindex",
                "0",
                "role",
                "region",
                "aria-label",
                caption);
    }

    /** Verbatim text that is collapsed at first and left out in print. */
    static String folded(String title, String text) {
        return Markup.element("details", Markup.text("summary", title) + Markup.text("pre", text));
    }
}
