package org.videotg.benchmarks.annotation;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Clip;

/** The video files below a folder, sub-folders included, by name. */
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

    private final Path root;
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
                            String name = file.getFileName().toString();
                            if (attributes.isRegularFile() && suffix(name) >= 0) {
                                byName.computeIfAbsent(stem(name), key -> new ArrayList<>())
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

    /** How many video files there are. */
    public int size() {
        return byName.values().stream().mapToInt(List::size).sum();
    }

    /**
     * The file of a video, by the name or path that an annotation gives. In turn: the name as it is; with or without
     * {@code v_} before it; and if it ends with {@code _START_END}, the whole video of which it is that clip. Of
     * several files with the name that one wins whose path ends most like the given one, then the one with the given
     * suffix, then mp4.
     */
    public Optional<Found> find(String written) {
        String[] parts = written.replace('\\', '/').split("/");
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
        for (String name : names) {
            List<Path> files = byName.get(name);
            if (files != null) {
                return Optional.of(choose(files, parts, clip));
            }
        }
        return Optional.empty();
    }

    private Found choose(List<Path> files, String[] parts, Clip clip) {
        Comparator<Path> better = Comparator.<Path>comparingInt(file -> -foldersShared(file, parts))
                .thenComparingInt(file -> file.getFileName().toString().equals(parts[parts.length - 1]) ? 0 : 1)
                .thenComparingInt(file -> suffix(file.getFileName().toString()));
        List<Path> sorted = files.stream()
                .sorted(better.thenComparing(Comparator.naturalOrder()))
                .toList();
        Path best = sorted.get(0);
        // Several suffixes of one name side by side are not ambiguous; the same name in another folder is.
        List<Path> others = sorted.stream()
                .skip(1)
                .filter(file -> foldersShared(file, parts) == foldersShared(best, parts)
                        && !file.getParent().equals(best.getParent()))
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
                        relative.getName(relative.getNameCount() - 2 - shared).toString())) {
            shared++;
        }
        return shared;
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
