package org.videotg.app.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The command line of a stage, as it grows. */
final class Arguments {
    private final List<String> words;

    Arguments(String... words) {
        this.words = new ArrayList<>(List.of(words));
    }

    Arguments with(String option, Object value) {
        words.add(option);
        words.add(value.toString());
        return this;
    }

    Arguments with(String option, Map<String, String> values) {
        new TreeMap<>(values).forEach((key, value) -> with(option, key + "=" + value));
        return this;
    }

    Arguments withAll(List<String> more) {
        words.addAll(more);
        return this;
    }

    List<String> words() {
        return List.copyOf(words);
    }
}
