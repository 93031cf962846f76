package org.videotg.benchmarks.annotation;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;

/** The files below a folder, sub-folders included, by the names of videos. */
public final class VideoFolder {
    /** Suffixes of video files, the preferred first. */
    private static final List<String> SUFFIXES =
            List.of("mp4", "mkv", "webm", "avi", "mov", "m4v", "mpg", "mpeg", "flv", "ts");

    private static final Pattern CLIP = Pattern.compile("(.+)_(\\d{1,9}(?:\\.\\d{1,9})?)_(\\d{1,9}(?:\\.\\d{1,9})?)");
    private static final String PREFIX = "v_";

    /**
     * The file of an annotated video.
     *
     * @param file absolute
     * @param clip the part of the file that the annotated name stands for
     * @param others further files of that name that match no worse; empty if the choice was clear
     */
    public record Found(Path file, Clip clip, List<Path> others) {
        public Found {
            others = List.copyOf(others);
        }
    }

    /** Makes a folder of extracted frames a video (docs/videos.md). */
    private static final String FRAMES = "frames.json";

    private final Path root;
    /** By {@link #folded} stem; files without a suffix of the list by their whole name. */
    private final Map<String, List<Path>> byName;

    private VideoFolder(Path root, Map<String, List<Path>> byName) {
        this.root = root;
        this.byName = byName;
    }

    /**
     * Lists a folder once. Links are followed; sub-folders that can't be listed are passed over.
     *
     * @throws InputException if it is not a folder
     */
    public static VideoFolder scan(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(root)) {
            throw new InputException("can't list the videos in " + folder + ": it is not a folder; check the path");
        }
        Map<String, List<Path>> byName = new HashMap<>();
        try {
            Files.walkFileTree(
                    root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                            if (name(file).equals(FRAMES)) {
                                Path frames = file.getParent();
                                byName.computeIfAbsent(folded(stem(name(frames))), key -> new ArrayList<>())
                                        .add(frames);
                            } else if (attributes.isRegularFile()) {
                                byName.computeIfAbsent(folded(stem(name(file))), key -> new ArrayList<>())
                                        .add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new InputException("can't list the videos in " + folder + "; check the path", e);
        }
        return new VideoFolder(root, byName);
    }

    /**
     * The file of a video, by the name or path that an annotation gives. In turn: the name as it is; with or without
     * {@code v_} before it; and if it ends with {@code _START_END}, the whole video of which it is that clip. A suffix
     * of a video may be left out or differ; any other must be given. Composed and decomposed Unicode are the same.
     * Upper and lower case differ, unless only one name is left without that difference. Of several files with the name
     * that one wins whose path ends most like the given one, then the one with the given suffix, then mp4.
     */
    public Optional<Found> find(String written) {
        String[] parts = composed(written.replace('\\', '/')).split("/");
        String last = parts[parts.length - 1];
        Optional<Found> found = byStem(stem(last), parts, Clip.WHOLE);
        Matcher clip = CLIP.matcher(stem(last));
        if (found.isEmpty() && clip.matches()) {
            double start = Double.parseDouble(clip.group(2));
            double end = Double.parseDouble(clip.group(3));
            return end > start ? byStem(clip.group(1), parts, new Clip(start, end)) : found;
        }
        return found;
    }

    private Optional<Found> byStem(String stem, String[] parts, Clip clip) {
        Set<String> names = new LinkedHashSet<>(List.of(stem, PREFIX + stem));
        if (stem.startsWith(PREFIX)) {
            names.add(stem.substring(PREFIX.length()));
        }
        return Stream.of(true, false)
                .flatMap(exactly -> names.stream().map(name -> named(name, exactly)))
                .filter(files -> !files.isEmpty())
                .findFirst()
                .map(files -> choose(files, parts, clip));
    }

    private List<Path> named(String name, boolean exactly) {
        List<Path> files = byName.getOrDefault(folded(name), List.of());
        if (exactly) {
            return files.stream().filter(file -> stem(name(file)).equals(name)).toList();
        }
        long stems = files.stream().map(file -> stem(name(file))).distinct().count();
        return stems == 1 ? files : List.of();
    }

    private Found choose(List<Path> files, String[] parts, Clip clip) {
        Comparator<Path> better = Comparator.<Path>comparingInt(file -> -foldersShared(file, parts))
                .thenComparingInt(file -> suffix(name(file)) < 0 ? 1 : 0)
                .thenComparingInt(file -> name(file).equals(parts[parts.length - 1]) ? 0 : 1)
                .thenComparingInt(file -> suffix(name(file)));
        List<Path> sorted = files.stream()
                .sorted(better.thenComparing(Comparator.naturalOrder()))
                .toList();
        Path best = sorted.get(0);
        // Several suffixes of one name side by side are not ambiguous; the same name in another folder is.
        List<Path> others = sorted.stream()
                .skip(1)
                .filter(file -> foldersShared(file, parts) == foldersShared(best, parts)
                        && !file.getParent().equals(best.getParent())
                        && !sameFile(file, best))
                .toList();
        return new Found(best, clip, others);
    }

    /** How many folders above the file are those of the written path, from the file upwards. */
    private int foldersShared(Path file, String[] parts) {
        Path relative = root.relativize(file);
        int shared = 0;
        while (shared + 1 < parts.length
                && shared + 1 < relative.getNameCount()
                && parts[parts.length - 2 - shared].equals(
                        name(relative.getName(relative.getNameCount() - 2 - shared)))) {
            shared++;
        }
        return shared;
    }

    /** Whether links lead to one file. */
    private static boolean sameFile(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(Path file) {
        return composed(file.getFileName().toString());
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static String folded(String stem) {
        return composed(stem.toLowerCase(Locale.ROOT));
    }

    /** Place of the suffix in the list; -1 if the name is not that of a video. */
    private static int suffix(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? SUFFIXES.indexOf(name.substring(dot + 1).toLowerCase(Locale.ROOT)) : -1;
    }

    /** The name without the suffix of a video; other dots belong to the name. */
    private static String stem(String name) {
        return suffix(name) < 0 ? name : name.substring(0, name.lastIndexOf('.'));
    }
}
