package org.videotg.benchmarks.annotation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.sample.Interval;

/**
 * Charades-STA, a sentence a line: {@code 3MSZA 24.3 30.4##person turn a light on.} Durations are in
 * {@code Charades_v1_train.csv} and {@code Charades_v1_test.csv}.
 */
final class CharadesStaFormat extends AnnotationFormat {
    static final String SEPARATOR = "##";
    private static final String NUMBER = "(-?[0-9]{1,9}(?:\\.[0-9]{1,18})?)";
    private static final Pattern HEAD = Pattern.compile("(\\S+)\\s+" + NUMBER + "\\s+" + NUMBER);

    CharadesStaFormat() {
        super("charades-sta", "Charades-STA txt (VIDEO START END##SENTENCE)", FileRows.Shape.LINES);
    }

    @Override
    boolean recognises(FileRow row) {
        return row.text().contains(SEPARATOR);
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            String line = row.text();
            int cut = line.indexOf(SEPARATOR);
            Matcher head = HEAD.matcher(cut < 0 ? "" : line.substring(0, cut).strip());
            if (!head.matches() || line.substring(cut + SEPARATOR.length()).isBlank()) {
                throw new FileRow.Problem(
                        "a row must be \"VIDEO START END##SENTENCE\" with seconds, not \"" + line + "\"");
            }
            String video = head.group(1);
            Interval interval = new Interval(Double.parseDouble(head.group(2)), Double.parseDouble(head.group(3)));
            return Annotation.of(
                            sentences.id(video),
                            video,
                            line.substring(cut + SEPARATOR.length()).strip())
                    .withIntervals(List.of(interval));
        });
    }

    /** TimeChat numbers the lines, Time-R1 the sentences grouped by video. */
    @Override
    List<List<String>> aliases(List<Annotation> rows) {
        Map<String, List<String>> byVideo = new LinkedHashMap<>();
        rows.forEach(row ->
                byVideo.computeIfAbsent(row.video(), video -> new ArrayList<>()).add(row.id()));
        Map<String, Integer> grouped = new LinkedHashMap<>();
        byVideo.values().forEach(ids -> ids.forEach(id -> grouped.put(id, grouped.size())));
        List<List<String>> aliases = new ArrayList<>();
        for (Annotation row : rows) {
            aliases.add(List.of(
                    String.valueOf(aliases.size()), row.id().replace('#', '_'), "charades_" + grouped.get(row.id())));
        }
        return aliases;
    }
}
