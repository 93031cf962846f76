package org.videotg.core.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.error.InputException;
import org.videotg.core.interval.Interval;

/** Charades-STA, a sentence a line: {@code 3MSZA 24.3 30.4##person turn a light on.} Durations stand in files of their own. */
public record CharadesSta() implements AnnotationFormat {
    private static final String SEPARATOR = "##";
    private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,9})?)";
    private static final Pattern HEAD = Pattern.compile("(\\S+)\\s+" + NUMBER + "\\s+" + NUMBER);

    @Override
    public String label() {
        return "Charades-STA txt";
    }

    @Override
    public boolean recognises(String text) {
        return text.lines().filter(line -> !line.isBlank()).findFirst().filter(line -> !line.stripLeading().startsWith("{"))
                .map(line -> line.contains(SEPARATOR)).orElse(false);
    }

    @Override
    public List<Annotation> parse(String text, String where) {
        List<Annotation> annotations = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            int cut = line.indexOf(SEPARATOR);
            Matcher head = HEAD.matcher(cut < 0 ? "" : line.substring(0, cut).strip());
            if (!head.matches() || line.substring(cut + SEPARATOR.length()).isBlank()) {
                throw new InputException(where + ":" + number
                        + ": a row must be \"VIDEO START END##SENTENCE\" with seconds, not \"" + line.strip() + "\"");
            }
            String video = head.group(1);
            annotations.add(new Annotation(video + "#" + (counts.merge(video, 1, Integer::sum) - 1), video,
                    OptionalDouble.empty(),
                    line.substring(cut + SEPARATOR.length()).strip(),
                    new Interval(Double.parseDouble(head.group(2)), Double.parseDouble(head.group(3)))));
        }
        return annotations;
    }
}
