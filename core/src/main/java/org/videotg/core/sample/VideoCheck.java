package org.videotg.core.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.OutputException;

/**
 * What is wrong with the videos of samples, all of it found before work begins.
 *
 * @param samples how many were checked
 * @param videos how many files they name
 * @param problems one for every file and kind, in the order of the samples
 * @param longer ids of samples whose video lasts longer than annotated, which is no problem but may be another video
 * @param notes on the videos by id of the sample, such as that the frame rate varies
 */
public record VideoCheck(
        int samples, int videos, List<Problem> problems, List<String> longer, Map<String, List<String>> notes) {
    /** End of the name of the file that lists the bad videos. */
    public static final String FILE = "bad-videos.jsonl";

    /** Durations differ if they do by more than so many seconds, and by more than the share below. */
    private static final double SECONDS = 1;

    private static final double SHARE = 0.05;
    private static final int SHOWN = 20;

    /** What can be wrong. */
    public enum Kind {
        MISSING,
        EMPTY,
        /** No video, or none that can be decoded. */
        UNREADABLE,
        /** Its index names frames beyond the end of the file. */
        TRUNCATED,
        /** A frame can't be decoded. */
        DAMAGED,
        /** A clip lies outside the video. */
        CLIP,
        /** The video is shorter than annotated. */
        SHORTER,
        /** An annotated interval lies behind the end of the video. */
        BEYOND;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One of the problems.
     *
     * @param message in one line, with the file
     * @param samples ids of those that it concerns
     */
    public record Problem(Path file, Kind kind, String message, List<String> samples) {
        public Problem {
            samples = List.copyOf(samples);
        }

        /** The message and the samples, in one line. */
        public String line() {
            return message + " (sample \"" + samples.get(0) + "\""
                    + (samples.size() == 1 ? "" : " and " + (samples.size() - 1) + " more") + ")";
        }
    }

    /** A sample that can't be used, as a row of the file. */
    private record Row(String id, String video, String kind, String problem) {}

    public VideoCheck {
        problems = List.copyOf(problems);
        longer = List.copyOf(longer);
        notes = Map.copyOf(notes);
    }

    /**
     * Returns what a sample's annotation and its video contradict each other in. Ends that lie a second behind the
     * video's are rounded, and an interval that begins within the video can be learned from.
     *
     * @param seconds of the video or clip
     */
    public static Optional<Kind> mismatch(Sample sample, double seconds) {
        if (sample.intervals().stream()
                .anyMatch(interval -> interval.start() >= seconds && interval.end() > seconds + SECONDS)) {
            return Optional.of(Kind.BEYOND);
        }
        return differs(sample, seconds) && seconds < sample.duration() ? Optional.of(Kind.SHORTER) : Optional.empty();
    }

    /** Whether a video or clip of so many seconds is another than annotated. */
    public static boolean differs(Sample sample, double seconds) {
        return Math.abs(seconds - sample.duration()) > Math.max(SECONDS, SHARE * sample.duration());
    }

    /**
     * Tells a video that can't be read from one that has been removed since the check, such as on a drive that was
     * unmounted: that is no property of the sample.
     *
     * @throws OutputException if the file is gone
     */
    public static void requireStill(VideoRef video) {
        if (!Files.exists(video.file())) {
            throw new OutputException(
                    video.file()
                            + " was there when the run began and is gone; bring it back and run the same command again",
                    null);
        }
    }

    /** Returns the samples that can't be used, by id, with the reason. */
    public Map<String, String> unusable() {
        Map<String, String> unusable = new LinkedHashMap<>();
        problems.forEach(problem -> problem.samples().forEach(id -> unusable.put(id, problem.message())));
        return unusable;
    }

    /**
     * Prints the problems, one line each, and acts on them.
     *
     * @param list file for all of them if there are more than are printed, or if their samples are skipped
     * @param output takes the lines
     * @return the samples to go on without, by id, with the reason
     * @throws InputException counting the problems, if they stop the command or no sample is left
     */
    public Map<String, String> decide(OnBadVideo choice, Path list, Consumer<String> output) {
        longerNote().ifPresent(output);
        Map<String, String> unusable = unusable();
        if (unusable.isEmpty()) {
            return unusable;
        }
        lines(SHOWN).forEach(output);
        String listed = "";
        if (choice == OnBadVideo.SKIP || problems.size() > SHOWN) {
            write(list);
            listed = "; " + list + " lists them all";
        }
        if (choice == OnBadVideo.STOP) {
            throw new InputException(summary() + listed + "; give whole files, or leave these samples out with"
                    + " --on-bad-video skip (in a recipe onBadVideo: skip) or \"videotg convert --videos DIR\"");
        }
        if (unusable.size() == samples) {
            throw new InputException(summary() + listed + "; no sample is left");
        }
        output.accept(summary() + ": these samples are skipped" + listed);
        return unusable;
    }

    /** Returns the first problems, one line each, and how many more there are. */
    public List<String> lines(int most) {
        List<String> lines =
                new ArrayList<>(problems.stream().limit(most).map(Problem::line).toList());
        if (problems.size() > most) {
            lines.add("and " + (problems.size() - most) + " more");
        }
        return lines;
    }

    /** Returns that all videos can be used, or how many of which kind can't, in one line. */
    public String summary() {
        if (problems.isEmpty()) {
            return videos == 1 ? "the video can be used" : "all " + videos + " videos can be used";
        }
        Map<Kind, Long> kinds =
                problems.stream().collect(Collectors.groupingBy(Problem::kind, TreeMap::new, Collectors.counting()));
        long files = problems.stream().map(Problem::file).distinct().count();
        return files + " of " + videos + " videos, of " + unusable().size() + " of " + samples
                + " samples, can't be used ("
                + kinds.entrySet().stream()
                        .map(kind -> kind.getValue() + " " + kind.getKey().id())
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /** Returns how many videos last longer than annotated, if any. */
    public Optional<String> longerNote() {
        return longer.isEmpty()
                ? Optional.empty()
                : Optional.of("of " + longer.size() + (longer.size() == 1 ? " sample" : " samples")
                        + " the video lasts longer than annotated, such as of \"" + longer.get(0)
                        + "\": is it the right one?");
    }

    private void write(Path list) {
        Jsonl.write(
                list,
                problems.stream()
                        .flatMap(problem -> problem.samples().stream()
                                .map(id -> new Row(
                                        id,
                                        problem.file().toString(),
                                        problem.kind().id(),
                                        problem.message())))
                        .toList());
    }
}
