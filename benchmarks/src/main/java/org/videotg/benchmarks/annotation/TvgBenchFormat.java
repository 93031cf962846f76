package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;

/**
 * TVGBench: {@code {path, question, answer: "13.4-28.1", start, end, duration, dataset_name, qsemtype}}. Where {@code start} and
 * {@code end} are given they cut a clip out of the video, and duration and answer are those of the clip. Ids are those that
 * Time-R1's evaluation gives: the name of {@code source} and the number of the row.
 */
record TvgBenchFormat() implements AnnotationFormat {
    private static final Set<String> USED = Set.of("path", "question", "answer", "start", "end", "duration");
    private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,18})?)";
    private static final Pattern ANSWER = Pattern.compile("\\s*" + NUMBER + "\\s*-\\s*" + NUMBER + "\\s*");

    @Override
    public String name() {
        return "tvgbench";
    }

    @Override
    public String label() {
        return "TVGBench json ({path, question, answer: \"START-END\", start, end, duration})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("path", "question", "answer", "duration");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        String number = sink.id("").substring(1);
        sink.add(row.where(), () -> {
            String given = row.words("answer");
            Matcher answer = ANSWER.matcher(given);
            if (!answer.matches()) {
                throw new Row.Problem("\"answer\" must be \"START-END\" in seconds, not \"" + given + "\"");
            }
            return new Annotation(
                    source(row) + "_" + number,
                    row.words("path"),
                    false,
                    row.clip("start", "end"),
                    row.duration("duration"),
                    row.words("question"),
                    List.of(new Interval(Double.parseDouble(answer.group(1)), Double.parseDouble(answer.group(2)))),
                    Task.VTG,
                    List.of(),
                    null,
                    row.rest(USED));
        });
    }

    private static String source(Row row) {
        String source = row.wordsOrNull("source");
        if (source == null) {
            return "tvgbench";
        }
        String file = source.substring(source.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return (dot > 0 ? file.substring(0, dot) : file).replace('.', '_').replace('-', '_');
    }
}
