package org.videotg.app.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.videotg.core.dataset.Annotation;
import org.videotg.core.error.InputException;
import org.videotg.core.sample.Sample;
import org.videotg.video.VideoFile;

/**
 * Samples whose videos were found, and the names of those that were not.
 *
 * @param samples in the order of the annotations
 * @param missing names of videos without a file
 */
public record Conversion(List<Sample> samples, List<String> missing) {
    private static final Set<String> SUFFIXES = Set.of("mp4", "mkv", "webm", "avi", "mov", "m4v", "mpg", "mpeg", "flv", "ts");

    public Conversion {
        samples = List.copyOf(samples);
        missing = List.copyOf(missing);
    }

    /**
     * Finds each annotation's video by its name; the first one wins if several suffixes are there.
     *
     * @param out the file that the samples will be written to: their videos are relative to its folder
     * @throws InputException if no video was found, or one whose duration is needed can't be read
     */
    public static Conversion of(List<Annotation> annotations, Path videos, Path out) {
        Map<String, Path> files = files(videos);
        Map<String, Double> durations = new HashMap<>();
        Path folder = out.toAbsolutePath().normalize().getParent();
        List<Sample> samples = new ArrayList<>();
        Set<String> missing = new TreeSet<>();
        for (Annotation annotation : annotations) {
            Path file = files.get(annotation.video());
            if (file == null) {
                missing.add(annotation.video());
                continue;
            }
            double duration = annotation.duration()
                    .orElseGet(() -> durations.computeIfAbsent(annotation.video(), name -> VideoFile.probe(file).duration()));
            samples.add(Sample.vtg(annotation.id(), folder.relativize(file).toString(), duration, annotation.query(),
                    List.of(annotation.interval())));
        }
        if (samples.isEmpty()) {
            throw new InputException("none of the " + missing.size() + " annotated videos (such as " + missing.iterator().next()
                    + ") lies in " + videos + "; give the folder of the video files");
        }
        return new Conversion(samples, List.copyOf(missing));
    }

    private static Map<String, Path> files(Path folder) {
        Map<String, Path> files = new HashMap<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.sorted().forEach(entry -> {
                String name = entry.getFileName().toString();
                int dot = name.lastIndexOf('.');
                if (dot > 0 && SUFFIXES.contains(name.substring(dot + 1).toLowerCase(java.util.Locale.ROOT))) {
                    files.putIfAbsent(name.substring(0, dot), entry.toAbsolutePath().normalize());
                }
            });
        } catch (IOException e) {
            throw new InputException("can't list the videos in " + folder + "; check the path", e);
        }
        return files;
    }
}
