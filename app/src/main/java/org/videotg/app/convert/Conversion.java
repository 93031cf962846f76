package org.videotg.app.convert;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.annotation.Quirk;
import org.videotg.benchmarks.annotation.Quirks;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;
import org.videotg.video.VideoChecker;

/**
 * The samples of an annotation file, and everything odd about it.
 *
 * @param file as it was read
 * @param found the videos, and what was wrong with them
 * @param quirks of all rows, whether or not their videos were found
 * @param fixed rows that the fixes changed or dropped
 * @param samples in the order of the file
 */
public record Conversion(AnnotationFile file, Resolution found, Quirks quirks, Quirks fixed, List<Sample> samples) {
    /**
     * What to convert, and how.
     *
     * @param annotations the file
     * @param read how it is read; if strict, whatever would be left out is an error
     * @param videos folder to look for the videos in; empty to take their paths as they are written
     * @param deep whether every frame of the videos is decoded
     * @param fixes quirks to repair
     */
    public record Settings(
            Path annotations,
            AnnotationFile.Settings read,
            Optional<Path> videos,
            boolean deep,
            Set<Quirk> fixes,
            Target target) {
        public Settings {
            fixes = Set.copyOf(fixes);
        }
    }

    /**
     * What is written.
     *
     * @param file to whose folder paths of videos are relative
     * @param absolute whether the videos' paths are written absolute
     * @param check whether nothing is to be written, so that a file of which no sample can be made is no error
     */
    public record Target(Path file, boolean absolute, boolean check) {}

    public Conversion {
        samples = List.copyOf(samples);
    }

    /**
     * Reads, finds the videos, counts the quirks and repairs those that were asked for.
     *
     * @throws InputException if no sample is left and this is no check; if the settings are strict, if anything would
     *     be left out
     */
    public static Conversion of(Settings settings) {
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
        if (settings.videos().isEmpty() && file.annotations().stream().allMatch(Annotation::besideFile)) {
            VideoCheck check =
                    new VideoChecker(settings.deep()).check(settings.target().file(), samples);
            found = found.withVideos(Resolution.Videos.of(check, samples));
        }
        Conversion conversion = new Conversion(file, found, Quirks.of(found.all()), repaired.changed(), samples);
        if (!settings.target().check()) {
            conversion.requireSomething(settings);
        }
        if (settings.read().strict()) {
            conversion.requireEverything();
        }
        return conversion;
    }

    /** Number of rows by video that was not found. */
    public Map<String, Integer> missing() {
        return found.videos().missing();
    }

    /** Number of samples that are about a part of their video file. */
    public int clips() {
        return (int) samples.stream().filter(sample -> !sample.clip().isWhole()).count();
    }

    private void requireSomething(Settings settings) {
        if (!samples.isEmpty()) {
            return;
        }
        if (!found.kept().isEmpty()) {
            throw new InputException(settings.annotations() + ": the fixes leave no row; ask for fewer");
        }
        if (!found.parts().unknownDurations().isEmpty()) {
            throw new InputException(settings.annotations() + ": has no durations; give --durations CSV (for Charades"
                    + " Charades_v1_train.csv or Charades_v1_test.csv), or --videos DIR");
        }
        if (!missing().isEmpty()) {
            throw new InputException("none of the " + missing().size() + " annotated videos (such as "
                    + first(missing().keySet()) + ") lies in "
                    + settings.videos().orElseThrow() + "; give the folder of the video files");
        }
        Collection<String> unreadable = found.videos().unreadable();
        if (!unreadable.isEmpty()) {
            throw new InputException("none of the videos can be read; the first: " + first(unreadable));
        }
        Collection<String> different = found.videos().different();
        throw new InputException(
                different.isEmpty()
                        ? "none of the clips is within its video; the first: "
                                + first(found.parts().cutShort())
                        : "none of the videos is as annotated; the first: " + first(different));
    }

    private void requireEverything() {
        if (!missing().isEmpty()) {
            throw new InputException(missing().size() + " annotated videos are missing, such as "
                    + first(missing().keySet()) + "; give them, or leave --strict out");
        }
        refuse(found.videos().unreadable(), "unreadable");
        refuse(found.videos().different(), "other than annotated");
        refuse(found.parts().cutShort(), "such clips");
        List<String> unknown = found.parts().unknownDurations();
        if (!unknown.isEmpty()) {
            throw new InputException(unknown.size() + " rows have no duration, such as " + first(unknown)
                    + "; give --durations CSV or --videos DIR, or leave --strict out");
        }
    }

    private static void refuse(Collection<String> problems, String name) {
        if (!problems.isEmpty()) {
            throw new InputException(first(problems) + " (" + problems.size() + " " + name + " in all)");
        }
    }

    private static String first(Collection<String> texts) {
        return texts.iterator().next();
    }
}
