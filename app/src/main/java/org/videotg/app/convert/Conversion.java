package org.videotg.app.convert;

import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.annotation.Quirks;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;

/**
 * The samples of an annotation file, and everything odd about it.
 *
 * @param file as it was read
 * @param found the videos, and what was wrong with them
 * @param quirks of all rows, whether or not their videos were found
 * @param fixed rows that the fixes changed or dropped
 * @param samples in the order of the file
 * @param searched whether the videos were looked for
 * @param missing number of rows by video that was not found
 */
public record Conversion(
        AnnotationFile file,
        Resolution found,
        Quirks quirks,
        Quirks fixed,
        List<Sample> samples,
        boolean searched,
        Map<String, Integer> missing) {
    public Conversion {
        samples = List.copyOf(samples);
    }

    /**
     * Reads, finds the videos, counts the quirks and repairs those that were asked for.
     *
     * @throws InputException if no sample is left and this is no check; if the settings are strict, if anything would
     *     be left out
     */
    public static Conversion of(ConvertSettings settings) {
        AnnotationFile file = AnnotationFile.read(settings.annotations(), settings.read());
        if (file.annotations().stream().anyMatch(row -> row.query().isEmpty())) {
            throw new InputException(settings.annotations()
                    + ": NExT-GQA has its questions in a csv beside this file; give it with --questions val.csv");
        }
        Resolution found = settings.videos()
                .map(folder -> Resolution.in(folder, file.annotations(), settings))
                .orElseGet(() -> Resolution.asWritten(file.annotations(), settings));
        Quirks.Repaired repaired = Quirks.repair(found.kept(), settings.fixes());
        List<Sample> samples =
                repaired.annotations().stream().map(Annotation::sample).toList();
        // Rows in formats of this project have paths of their videos, which can be checked without a folder.
        boolean beside =
                settings.videos().isEmpty() && file.annotations().stream().allMatch(Annotation::besideFile);
        Map<String, Integer> missing =
                beside ? VideoCheck.of(settings.out(), samples).missing() : found.missing();
        Conversion conversion = new Conversion(
                file,
                found,
                Quirks.of(found.all()),
                repaired.changed(),
                samples,
                beside || settings.videos().isPresent(),
                missing);
        if (!settings.check()) {
            conversion.requireSomething(settings);
        }
        if (settings.read().strict()) {
            conversion.requireEverything();
        }
        return conversion;
    }

    /** Number of samples that are about a part of their video file. */
    public int clips() {
        return (int) samples.stream().filter(sample -> !sample.clip().isWhole()).count();
    }

    private void requireSomething(ConvertSettings settings) {
        if (!samples.isEmpty()) {
            return;
        }
        if (!found.kept().isEmpty()) {
            throw new InputException(settings.annotations() + ": the fixes leave no row; ask for fewer");
        }
        if (!found.unknownDurations().isEmpty()) {
            throw new InputException(settings.annotations() + ": has no durations; give --durations CSV (for Charades"
                    + " Charades_v1_train.csv or Charades_v1_test.csv), or --videos DIR");
        }
        if (!missing.isEmpty()) {
            throw new InputException("none of the " + missing.size() + " annotated videos (such as "
                    + missing.keySet().iterator().next() + ") lies in "
                    + settings.videos().orElseThrow()
                    + "; give the folder of the video files");
        }
        if (!found.cutShort().isEmpty() && found.unreadable().isEmpty()) {
            throw new InputException("none of the clips is within its video; the first: "
                    + found.cutShort().get(0));
        }
        throw new InputException("none of the videos can be read; the first: "
                + found.unreadable().get(0));
    }

    private void requireEverything() {
        if (!missing.isEmpty()) {
            throw new InputException(missing.size() + " annotated videos are missing, such as "
                    + missing.keySet().iterator().next() + "; give them, or leave --strict out");
        }
        if (!found.unreadable().isEmpty()) {
            throw new InputException(
                    found.unreadable().get(0) + " (" + found.unreadable().size() + " unreadable in all)");
        }
        if (!found.cutShort().isEmpty()) {
            throw new InputException(
                    found.cutShort().get(0) + " (" + found.cutShort().size() + " such clips in all)");
        }
        if (!found.unknownDurations().isEmpty()) {
            throw new InputException(found.unknownDurations().size() + " rows have no duration, such as "
                    + found.unknownDurations().get(0)
                    + "; give --durations CSV or --videos DIR, or leave --strict out");
        }
    }
}
