package org.videotg.benchmarks.annotation;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a file is to be read.
 *
 * @param format the format's name; empty to recognise it by the content
 * @param durations csv with the columns {@code id} and {@code length} (seconds), for formats without durations
 * @param questions csv of NExT-QA questions, for NExT-GQA
 * @param strict whether the first bad row is an error
 */
public record ReadSettings(
        Optional<String> format, Optional<Path> durations, Optional<Path> questions, boolean strict) {
    public ReadSettings {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(durations, "durations");
        Objects.requireNonNull(questions, "questions");
    }

    /** Recognise the format, use the file alone, keep what is whole. */
    public static ReadSettings defaults() {
        return new ReadSettings(Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    public ReadSettings withFormat(String name) {
        return new ReadSettings(Optional.of(name), durations, questions, strict);
    }

    public ReadSettings withDurations(Path csv) {
        return new ReadSettings(format, Optional.of(csv), questions, strict);
    }

    public ReadSettings withQuestions(Path csv) {
        return new ReadSettings(format, durations, Optional.of(csv), strict);
    }

    public ReadSettings asStrict() {
        return new ReadSettings(format, durations, questions, true);
    }
}
