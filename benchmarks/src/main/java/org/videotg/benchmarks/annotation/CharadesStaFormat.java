package org.videotg.benchmarks.annotation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.sample.Interval;

/**
 * Charades-STA, a sentence a line: {@code 3MSZA 24.3 30.4##person turn a light on.} The durations stand in
 * {@code Charades_v1_train.csv} and {@code Charades_v1_test.csv}.
 */
record CharadesStaFormat() implements AnnotationFormat {
    private static final String SEPARATOR = "##";
    private static final String NUMBER = "(-?[0-9]{1,9}(?:\\.[0-9]{1,18})?)";
    private static final Pattern HEAD = Pattern.compile("(\\S+)\\s+" + NUMBER + "\\s+" + NUMBER);

    @Override
    public String name() {
        return "charades-sta";
    }

    @Override
    public String label() {
        return "Charades-STA txt (VIDEO START END##SENTENCE)";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.LINES;
    }

    @Override
    public boolean recognises(Row row) {
        return row.text().contains(SEPARATOR);
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            String line = row.text();
            int cut = line.indexOf(SEPARATOR);
            Matcher head = HEAD.matcher(cut < 0 ? "" : line.substring(0, cut).strip());
            if (!head.matches() || line.substring(cut + SEPARATOR.length()).isBlank()) {
                throw new Row.Problem("a row must be \"VIDEO START END##SENTENCE\" with seconds, not \"" + line + "\"");
            }
            String video = head.group(1);
            return Annotation.sentence(
                    sink.id(video),
                    video,
                    sink.side().duration(video),
                    line.substring(cut + SEPARATOR.length()).strip(),
                    new Interval(Double.parseDouble(head.group(2)), Double.parseDouble(head.group(3))));
        });
    }
}
