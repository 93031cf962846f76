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
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.VideoFile;

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
     * @param unreadable what is wrong with files that had to be opened and could not be
     * @param ambiguous names that several files have, with the one that was taken
     */
    record Videos(
            boolean searched,
            Map<String, Integer> missing,
            Collection<String> unreadable,
            Collection<String> ambiguous) {
        static final Videos UNSEARCHED = new Videos(false, Map.of(), List.of(), List.of());
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

    /** The same with what was missing when the videos were looked for afterwards. */
    Resolution withMissing(Map<String, Integer> missing) {
        return new Resolution(all, kept, new Videos(true, missing, videos.unreadable, videos.ambiguous), parts);
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
            boolean known = annotation.besideFile() || Files.isRegularFile(file);
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
        private final Map<Path, Optional<Double>> durations = new HashMap<>();
        private final Map<String, Integer> missing = new TreeMap<>();
        private final List<String> unreadable = new ArrayList<>();
        private final TreeSet<String> ambiguous = new TreeSet<>();
        private final TreeSet<String> cut = new TreeSet<>();
        private final TreeSet<String> cutShort = new TreeSet<>();

        Search(VideoFolder folder, Conversion.Settings settings) {
            this.folder = folder;
            this.settings = settings;
        }

        Resolution run(List<Annotation> annotations) {
            List<Annotation> all = new ArrayList<>();
            List<Annotation> kept = new ArrayList<>();
            for (Annotation annotation : annotations) {
                Optional<VideoFolder.Found> video = found.computeIfAbsent(annotation.video(), folder::find);
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
                    all, kept, new Videos(true, missing, unreadable, ambiguous), new Parts(List.of(), cut, cutShort));
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
            if (placed.duration().isPresent() && !placed.isClip()) {
                return Optional.of(placed);
            }
            Optional<Double> seconds = durations.computeIfAbsent(video.file(), this::probe);
            if (seconds.isEmpty()) {
                return Optional.empty();
            }
            Clip clip = placed.clip();
            if (clip.isCutAlready(seconds.get())) {
                cut.add(video.file().toString());
                placed = whole(placed);
            } else if (!clip.fits(seconds.get())) {
                cutShort.add(String.format(
                        Locale.ROOT,
                        "%s: %s, but the file ends at %.2f s",
                        placed.id(),
                        new VideoRef(video.file(), clip),
                        seconds.get()));
                return Optional.empty();
            }
            return Optional.of(
                    placed.duration().isPresent()
                            ? placed
                            : placed.withDuration(
                                    OptionalDouble.of(placed.clip().length(seconds.get()))));
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

        private Optional<Double> probe(Path file) {
            try {
                return Optional.of(VideoFile.probe(file).duration());
            } catch (InputException e) {
                unreadable.add(e.getMessage());
                return Optional.empty();
            }
        }
    }
}
