package org.videotg.benchmarks.annotation;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.sample.Interval;

/**
 * TVGBench: {@code {path, question, answer: "13.4-28.1", start, end, duration, dataset_name, qsemtype}}. Where {@code
 * start} and {@code end} are given they cut a clip out of the video, and duration and answer are those of the clip. Ids
 * are those of Time-R1's evaluation: the name of {@code source} and the number of the row.
 */
final class TvgBenchFormat extends AnnotationFormat {
    private static final Set<String> USED = Set.of("path", "question", "answer", "start", "end", "duration");
    private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,18})?)";
    private static final Pattern ANSWER = Pattern.compile("\\s*" + NUMBER + "\\s*-\\s*" + NUMBER + "\\s*");

    TvgBenchFormat() {
        super(
                "tvgbench",
                "TVGBench json ({path, question, answer: \"START-END\", start, end, duration})",
                FileRows.Shape.RECORDS,
                "path",
                "question",
                "answer");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        String number = sentences.id("").substring(1);
        sentences.add(row.where(), () -> {
            String given = row.words("answer");
            Matcher answer = ANSWER.matcher(given);
            if (!answer.matches()) {
                throw new FileRow.Problem("\"answer\" must be \"START-END\" in seconds, not \"" + given + "\"");
            }
            Interval interval = new Interval(Double.parseDouble(answer.group(1)), Double.parseDouble(answer.group(2)));
            return Annotation.of(source(row) + "_" + number, row.words("path"), row.words("question"))
                    .withClip(row.clip("start", "end"))
                    .withDuration(row.duration("duration"))
                    .withIntervals(List.of(interval))
                    .withFields(row.rest(USED));
        });
    }

    private static String source(FileRow row) {
        String source = row.wordsOrNull("source");
        if (source == null) {
            return "tvgbench";
        }
        String file = source.substring(source.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return (dot > 0 ? file.substring(0, dot) : file).replace('.', '_').replace('-', '_');
    }
}
