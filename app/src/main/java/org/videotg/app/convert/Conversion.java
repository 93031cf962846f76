package org.videotg.app.convert;

import java.util.List;
import java.util.Map;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.annotation.Fixes;
import org.videotg.benchmarks.annotation.Quirks;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;

/**
 * The samples of an annotation file, and everything that was odd about it.
 *
 * @param file as it was read
 * @param quirks of all its rows, whether or not their videos were found
 * @param fixed rows that the fixes changed or dropped
 * @param samples in the order of the file
 * @param clips how many of them are about a part of their video file
 * @param searched whether the videos were looked for
 * @param missing number of rows by video that was not found
 * @param unreadable files that had to be opened and could not be
 * @param ambiguous names that several files have
 * @param unknownDurations ids of rows left out since nobody says how long the video is
 * @param cut video files that are an annotated clip, cut already
 * @param cutShort what is wrong with clips that their video does not hold; the rows are left out
 */
public record Conversion(
        AnnotationFile file,
        Quirks quirks,
        Quirks fixed,
        List<Sample> samples,
        int clips,
        boolean searched,
        Map<String, Integer> missing,
        List<String> unreadable,
        List<String> ambiguous,
        List<String> unknownDurations,
        List<String> cut,
        List<String> cutShort) {
    public Conversion {
        samples = List.copyOf(samples);
    }

    /**
     * Reads, finds the videos, counts the quirks and fixes those that were asked for.
     *
     * @throws InputException if nothing is left, or, if the settings are strict, if anything would be left out
     */
    public static Conversion of(ConvertSettings settings) {
        AnnotationFile file = AnnotationFile.read(settings.annotations(), settings.read());
        Resolution found = settings.videos()
                .map(folder -> Resolution.in(folder, file.annotations(), settings))
                .orElseGet(() -> Resolution.asWritten(file.annotations(), settings));
        Fixes fixes = Fixes.apply(found.kept(), settings.fixes());
        List<Sample> samples =
                fixes.annotations().stream().map(Annotation::sample).toList();
        // Rows of our own formats say where their videos are, so whether they are there can be said without a folder.
        boolean beside =
                settings.videos().isEmpty() && file.annotations().stream().allMatch(Annotation::besideFile);
        Map<String, Integer> missing =
                beside ? VideoCheck.of(settings.out(), samples).missing() : found.missing();
        Conversion conversion = new Conversion(
                file,
                Quirks.of(found.all()),
                fixes.changed(),
                samples,
                (int) fixes.annotations().stream().filter(Annotation::isClip).count(),
                beside || settings.videos().isPresent(),
                missing,
                found.unreadable(),
                found.ambiguous(),
                found.unknownDurations(),
                found.cut(),
                found.cutShort());
        conversion.requireSomething(settings, found.kept().isEmpty());
        if (settings.read().strict()) {
            conversion.requireEverything();
        }
        return conversion;
    }

    private void requireSomething(ConvertSettings settings, boolean nothingFound) {
        if (!samples.isEmpty()) {
            return;
        }
        if (!nothingFound) {
            throw new InputException(settings.annotations() + ": the fixes leave no row; ask for fewer");
        }
        if (!unknownDurations.isEmpty()) {
            throw new InputException(settings.annotations() + ": says no durations; give --durations CSV (for Charades"
                    + " Charades_v1_train.csv or Charades_v1_test.csv), or --videos DIR");
        }
        if (!missing.isEmpty()) {
            throw new InputException("none of the " + missing.size() + " annotated videos (such as "
                    + missing.keySet().iterator().next() + ") lies in "
                    + settings.videos().orElseThrow()
                    + "; give the folder of the video files");
        }
        if (!cutShort.isEmpty() && unreadable.isEmpty()) {
            throw new InputException("none of the clips is within its video; the first: " + cutShort.get(0));
        }
        throw new InputException("none of the videos can be read; the first: " + unreadable.get(0));
    }

    private void requireEverything() {
        if (!missing.isEmpty()) {
            throw new InputException(missing.size() + " annotated videos are missing, such as "
                    + missing.keySet().iterator().next() + "; give them, or leave --strict out");
        }
        if (!unreadable.isEmpty()) {
            throw new InputException(unreadable.get(0) + " (" + unreadable.size() + " unreadable in all)");
        }
        if (!cutShort.isEmpty()) {
            throw new InputException(cutShort.get(0) + " (" + cutShort.size() + " such clips in all)");
        }
        if (!unknownDurations.isEmpty()) {
            throw new InputException(unknownDurations.size() + " rows have no duration, such as "
                    + unknownDurations.get(0) + "; give --durations CSV or --videos DIR, or leave --strict out");
        }
    }
}
