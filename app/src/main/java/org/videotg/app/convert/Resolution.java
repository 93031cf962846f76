package org.videotg.app.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.VideoFolder;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.VideoChecker;

/**
 * Annotations after the search for their videos, with durations from the files where the annotations have none.
 *
 * @param all every annotation, with what could be found
 * @param kept those whose duration is known and whose video was found, if it was searched for
 */
record Resolution(List<Annotation> all, List<Annotation> kept, Videos videos, Parts parts) {
    /**
     * What the search for the video files found wrong.
     *
     * @param searched whether the videos were looked for
     * @param missing number of annotations by video without a file
     * @param unreadable what is wrong with files that are empty, broken or no videos, a line each
     * @param different what is wrong with files that are shorter than annotated, a line each
     * @param ambiguous names that several files have, with the one that was taken
     */
    record Videos(
            boolean searched,
            Map<String, Integer> missing,
            Collection<String> unreadable,
            Collection<String> different,
            Collection<String> ambiguous) {
        static final Videos UNSEARCHED = new Videos(false, Map.of(), List.of(), List.of(), List.of());

        /** What a check found about videos whose paths are known. */
        static Videos of(VideoCheck check, List<Sample> samples) {
            Map<String, String> paths = samples.stream().collect(Collectors.toMap(Sample::id, Sample::video));
            Map<String, Integer> missing = new TreeMap<>();
            List<String> unreadable = new ArrayList<>();
            List<String> different = new ArrayList<>();
            for (VideoCheck.Problem problem : check.problems()) {
                switch (problem.kind()) {
                    case MISSING -> problem.samples().forEach(id -> missing.merge(paths.get(id), 1, Integer::sum));
                    case EMPTY, UNREADABLE, TRUNCATED, DAMAGED -> unreadable.add(problem.line());
                    case CLIP, SHORTER, BEYOND -> different.add(problem.line());
                }
            }
            return new Videos(true, missing, unreadable, different, List.of());
        }
    }

    /**
     * What is odd about durations and clips.
     *
     * @param unknownDurations ids of annotations of unknown duration
     * @param cut names of video files that are the annotated clip itself, cut already; their samples are about all of
     *     the file
     * @param cutShort what is wrong with clips that their video does not hold
     */
    record Parts(List<String> unknownDurations, Collection<String> cut, Collection<String> cutShort) {}

    /** More levels than this up from the written file, and the path of a video is written absolute. */
    private static final int LEVELS_UP = 2;

    /** Takes the paths as they are written; those that lead to a file are rewritten for the folder of {@code out}. */
    static Resolution asWritten(List<Annotation> annotations, Conversion.Settings settings) {
        List<Annotation> all = annotations.stream()
                .map(annotation -> annotation.withVideo(moved(annotation, settings)))
                .toList();
        Map<Boolean, List<Annotation>> timed = all.stream()
                .collect(Collectors.partitioningBy(row -> row.duration().isPresent()));
        List<String> unknown = timed.get(false).stream().map(Annotation::id).toList();
        return new Resolution(all, timed.get(true), Videos.UNSEARCHED, new Parts(unknown, List.of(), List.of()));
    }

    /** The same with what a check of the videos found afterwards. */
    Resolution withVideos(Videos checked) {
        return new Resolution(all, kept, checked, parts);
    }

    /** Looks for every video below the folder. */
    static Resolution in(Path folder, List<Annotation> annotations, Conversion.Settings settings) {
        return new Search(VideoFolder.scan(folder), settings).run(annotations);
    }

    private static String moved(Annotation annotation, Conversion.Settings settings) {
        try {
            Path written = Path.of(annotation.video());
            Path from = settings.annotations().toAbsolutePath().normalize().getParent();
            Path to = settings.target().file().toAbsolutePath().normalize().getParent();
            Path file = from.resolve(written).normalize();
            boolean known = annotation.besideFile() || Files.exists(file);
            boolean stays = written.isAbsolute()
                    || !known
                    || (from.equals(to) && !settings.target().absolute());
            return stays ? annotation.video() : path(file, settings);
        } catch (InvalidPathException e) {
            return annotation.video();
        }
    }

    /** Relative to the written file, unless that leads far up or the two have only the root in common. */
    private static String path(Path file, Conversion.Settings settings) {
        Path folder = settings.target().file().toAbsolutePath().normalize().getParent();
        boolean together = Objects.equals(folder.getRoot(), file.getRoot())
                && folder.getNameCount() > 0
                && folder.getName(0).equals(file.getName(0));
        if (settings.target().absolute() || !together) {
            return file.toString();
        }
        Path relative = folder.relativize(file);
        boolean far = relative.getNameCount() > LEVELS_UP
                && relative.subpath(0, LEVELS_UP + 1).equals(Path.of("..", "..", ".."));
        return far ? file.toString() : relative.toString();
    }

    /** The state of one search. */
    private static final class Search {
        private final VideoFolder folder;
        private final Conversion.Settings settings;
        private final Map<String, Optional<VideoFolder.Found>> found = new HashMap<>();
        private final VideoChecker checker;
        private final Map<String, Integer> missing = new TreeMap<>();
        private final Map<Path, String> unreadable = new LinkedHashMap<>();
        private final List<String> different = new ArrayList<>();
        private final TreeSet<String> ambiguous = new TreeSet<>();
        private final TreeSet<String> cut = new TreeSet<>();
        private final TreeSet<String> cutShort = new TreeSet<>();

        Search(VideoFolder folder, Conversion.Settings settings) {
            this.folder = folder;
            this.settings = settings;
            this.checker = new VideoChecker(settings.deep());
        }

        Resolution run(List<Annotation> annotations) {
            List<Annotation> all = new ArrayList<>();
            List<Annotation> kept = new ArrayList<>();
            annotations.forEach(annotation -> found.computeIfAbsent(annotation.video(), folder::find));
            checker.open(found.values().stream()
                    .flatMap(Optional::stream)
                    .map(VideoFolder.Found::file)
                    .toList());
            for (Annotation annotation : annotations) {
                Optional<VideoFolder.Found> video = found.get(annotation.video());
                if (video.isEmpty()) {
                    missing.merge(annotation.video(), 1, Integer::sum);
                    all.add(annotation);
                    continue;
                }
                Optional<Annotation> whole = resolve(annotation, video.get());
                all.add(whole.orElse(annotation));
                whole.ifPresent(kept::add);
            }
            return new Resolution(
                    all,
                    kept,
                    new Videos(true, missing, unreadable.values(), different, ambiguous),
                    new Parts(List.of(), cut, cutShort));
        }

        private Optional<Annotation> resolve(Annotation annotation, VideoFolder.Found video) {
            if (!video.others().isEmpty()) {
                ambiguous.add(annotation.video() + ": took " + video.file() + ", not "
                        + video.others().get(0));
            }
            Annotation placed = annotation.withVideo(path(video.file(), settings));
            if (!placed.isClip()) {
                // Published names round up: the last clip of a video ends with it, as the annotation's duration says.
                Clip clip = video.clip();
                placed = placed.withClip(
                        clip.isWhole() || placed.duration().isEmpty()
                                ? clip
                                : new Clip(
                                        clip.start(),
                                        clip.start() + placed.duration().getAsDouble()));
            }
            Path file = video.file();
            Optional<String> problem = checker.problem(file);
            if (problem.isPresent()) {
                unreadable.put(file, problem.get());
                return Optional.empty();
            }
            double seconds = checker.seconds(file);
            Clip clip = placed.clip();
            if (clip.isCutAlready(seconds)) {
                cut.add(file.toString());
                placed = whole(placed);
            } else if (!clip.fits(seconds)) {
                cutShort.add(String.format(
                        Locale.ROOT,
                        "%s: %s, but the file ends at %.2f s",
                        placed.id(),
                        new VideoRef(file, clip),
                        seconds));
                return Optional.empty();
            }
            if (placed.duration().isEmpty()) {
                placed = placed.withDuration(OptionalDouble.of(placed.clip().length(seconds)));
            }
            Optional<String> other = checker.mismatch(file, placed.sample());
            other.ifPresent(what -> different.add(annotation.id() + ": " + what));
            return other.isPresent() ? Optional.empty() : Optional.of(placed);
        }

        /** An annotation of the whole file, which keeps the clip's bounds in the original as fields. */
        private static Annotation whole(Annotation annotation) {
            Map<String, JsonNode> bounds = new LinkedHashMap<>();
            bounds.put(
                    "original_" + Clip.START_FIELD,
                    DoubleNode.valueOf(annotation.clip().start()));
            bounds.put(
                    "original_" + Clip.END_FIELD,
                    DoubleNode.valueOf(annotation.clip().end()));
            return annotation.withClip(Clip.WHOLE).withFields(bounds);
        }
    }
}
