package org.videotg.app.report.chart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChartsTest {
    private static final String HOSTILE = "<script>\"x\" & 'y'</script>\n\u0000\ud800";

    @Test
    void textIsEscapedAndNoControlCharacterRemains() {
        assertEquals(
                "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;\n\ufffd\ufffd", Markup.escape(HOSTILE));
        assertEquals("ä → 😀", Markup.escape("ä → 😀"));
    }

    @Test
    void attributesAndTextOfElementsAreEscaped() {
        assertEquals(
                "<p class=\"a&quot; onload=&quot;b\">&lt;b&gt;</p>",
                Markup.text("p", "<b>", "class", "a\" onload=\"b"));
        assertThrows(IllegalArgumentException.class, () -> Markup.open("p", "class"));
        assertThrows(IllegalArgumentException.class, () -> Markup.coordinate(Double.NaN));
    }

    @Test
    void hostileNamesStayTextInACharts() {
        Charts.Series series = Charts.Series.line(HOSTILE, 0, new double[] {0, 1}, new double[] {0, 1});
        String chart = Charts.lines(
                HOSTILE,
                HOSTILE,
                Axis.unit(HOSTILE),
                Axis.unit(HOSTILE),
                List.of(series),
                List.of(new Charts.Mark(.5, false, HOSTILE)));
        String bars = Charts.bars(
                HOSTILE,
                HOSTILE,
                Axis.unit(HOSTILE),
                Axis.unit(HOSTILE),
                new double[] {0, 1},
                List.of(new Charts.Layer(HOSTILE, 0, new double[] {1})),
                List.of());
        assertFalse((chart + bars).contains("<script"));
        assertFalse((chart + bars).contains("\"x\""));
    }

    @Test
    void aLineGoesWhereItsValuesAre() {
        Charts.Series series = Charts.Series.line("a", 3, new double[] {0, 5, 10}, new double[] {0, 1, .5});
        String chart = Charts.lines("t", "", new Axis("x (s)", 0, 10, 2), Axis.unit("y"), List.of(series), List.of());
        // From (0, 0), bottom left, over the top in the middle to the right at half height.
        assertTrue(chart.contains("class=\"line c3\" d=\"M52 246L244 14L436 130\""), chart);
        assertTrue(chart.contains(">x (s)</text>"));
        assertEquals(
                chart, Charts.lines("t", "", new Axis("x (s)", 0, 10, 2), Axis.unit("y"), List.of(series), List.of()));
    }

    @Test
    void pointsOfTwentyOneSeriesDifferByShapeOrColour() {
        Set<String> marks = new HashSet<>();
        for (int i = 0; i < 21; i++) {
            Charts.Series series =
                    new Charts.Series("arm", i, new double[] {.5}, new double[] {.5}, Charts.Series.Form.POINTS);
            Matcher mark = Pattern.compile("<(circle|rect|polygon) class=\"(point c\\d)\"")
                    .matcher(Charts.lines("t", "", Axis.unit("x"), Axis.unit("y"), List.of(series), List.of()));
            assertTrue(mark.find());
            String drawn = mark.group();
            marks.add(drawn);
            assertTrue(mark.find() && mark.group().equals(drawn), "the legend has the same mark");
        }
        assertEquals(21, marks.size());
    }

    @Test
    void barsAreStackedFromTheBottom() {
        String bars = Charts.bars(
                "t",
                "",
                Axis.unit("x"),
                new Axis("n", 0, 4, 1),
                new double[] {0, .5, 1},
                List.of(new Charts.Layer("low", 0, new double[] {1, 0}), new Charts.Layer("high", 1, new double[] {3, 2
                })),
                List.of());
        assertTrue(bars.contains("class=\"bar c0\" x=\"53\" y=\"188\" width=\"190\" height=\"58\""), bars);
        assertTrue(bars.contains("class=\"bar c1\" x=\"53\" y=\"14\" width=\"190\" height=\"174\""), bars);
        assertTrue(bars.contains("class=\"bar c1\" x=\"245\" y=\"130\" width=\"190\" height=\"116\""), bars);
        assertTrue(bars.contains("<title>low, 0.0 to 0.5: 1</title>"), bars);
    }

    @Test
    void axesEndAtRoundNumbersAroundAllValues() {
        assertEquals(new Axis("a", 0, 200, 50), Axis.around("a", 0, 171));
        Axis small = Axis.around("a", .21, .74);
        assertEquals(.2, small.min(), 1e-12);
        assertEquals(.8, small.max(), 1e-12);
        assertEquals(
                List.of("0.2", "0.4", "0.6", "0.8"),
                small.ticks().stream().map(small::tickText).toList());
        Axis flat = Axis.around("a", 3, 3);
        assertTrue(flat.min() < 3 && flat.max() > 3);
        assertTrue(Axis.fromZero("a", 0).max() > 0);
    }

    @Test
    void smoothingAndThinningKeepTheEnds() {
        Charts.Series series = Charts.Series.line("a", 0, new double[] {0, 1, 2, 3, 4}, new double[] {0, 3, 6, 9, 3});
        assertArrayEquals(new double[] {1.5, 3, 6, 6, 6}, series.smoothed(1).y());
        assertArrayEquals(new double[] {0, 2, 4}, series.thinned(3).x());
        assertArrayEquals(series.x(), series.thinned(5).x());
    }

    @Test
    void numbersReadTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertEquals("0.500", Numbers.fixed(.5, 3));
            assertEquals("\u22120.025", Numbers.signed(-.025, 3));
            assertEquals("0.000", Numbers.signed(-.0001, 3));
            assertEquals("+0.014", Numbers.signed(.014, 3));
            assertEquals("1,234", Numbers.count(1234));
            assertEquals("27.5 M", Numbers.large(27_531_000));
            assertEquals("9.00 M", Numbers.large(9_000_000));
            assertEquals("3.8%", Numbers.percent(.0376));
            assertEquals("1 of 4 (25%)", Numbers.partOf(1, 4));
            assertEquals("0 of 0", Numbers.partOf(0, 0));
        } finally {
            Locale.setDefault(before);
        }
    }
}
