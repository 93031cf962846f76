package org.videotg.core.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.core.io.InputException;

/**
 * One of N parts of a data set: every N-th of its videos, with all samples about them, so that no video is read for two
 * parts. Each part is done by a process of its own; {@link #requireEachOnce} checks what they have done.
 *
 * @param number from 1
 * @param parts N
 */
public record Part(int number, int parts) {
    /** The whole data set. */
    public static final Part WHOLE = new Part(1, 1);

    /** Ids that are written in a message. */
    private static final int SHOWN = 5;

    public Part {
        if (number < 1 || number > parts) {
            throw new IllegalArgumentException("part " + number + "/" + parts + " does not exist");
        }
    }

    public boolean isWhole() {
        return parts == 1;
    }

    /** Returns the videos of this part, in their order; there may be none. */
    public List<VideoRef> ofVideos(List<VideoRef> videos) {
        return IntStream.iterate(number - 1, i -> i < videos.size(), i -> i + parts)
                .mapToObj(videos::get)
                .toList();
    }

    /**
     * Returns the samples of this part, in their order.
     *
     * @throws InputException if there are fewer videos than parts
     */
    public List<Sample> of(Path dataFile, List<Sample> samples) {
        List<VideoRef> videos = Samples.videos(dataFile, samples);
        if (parts > videos.size()) {
            throw new InputException(dataFile + " names " + videos.size() + " videos, which can't be divided into "
                    + parts + " parts; take fewer");
        }
        Set<VideoRef> mine = Set.copyOf(ofVideos(videos));
        return samples.stream()
                .filter(sample -> mine.contains(Samples.video(dataFile, sample)))
                .toList();
    }

    /** As it is written on the command line: {@code 1/3}. */
    @Override
    public String toString() {
        return number + "/" + parts;
    }

    /**
     * What one process has done.
     *
     * @param place its file or folder
     * @param ids of its samples
     */
    public record Done(Path place, List<String> ids) {
        public Done {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Checks that every sample of a data set was done by one process.
     *
     * @throws InputException naming the samples that are foreign to the data, there twice, or missing, with the part
     *     they belong to
     */
    public static void requireEachOnce(Path dataFile, List<Sample> samples, List<Done> done) {
        Set<String> known = samples.stream().map(Sample::id).collect(Collectors.toSet());
        Map<String, Path> places = new LinkedHashMap<>();
        for (Done one : done) {
            Map<Path, List<String>> twice = new LinkedHashMap<>();
            List<String> foreign = new ArrayList<>();
            for (String id : one.ids()) {
                if (!known.contains(id)) {
                    foreign.add(id);
                }
                Path earlier = places.put(id, one.place());
                if (earlier != null) {
                    twice.computeIfAbsent(earlier, key -> new ArrayList<>()).add(id);
                }
            }
            if (!foreign.isEmpty()) {
                throw new InputException(one.place() + ": " + named(foreign) + " not in " + dataFile
                        + "; give the data file from which the parts were made");
            }
            twice.forEach((earlier, ids) -> {
                throw new InputException(
                        one.place() + ": " + named(ids) + " in " + earlier + " too; give each part once");
            });
        }
        List<Sample> missing = samples.stream()
                .filter(sample -> !places.containsKey(sample.id()))
                .toList();
        if (!missing.isEmpty()) {
            throw new InputException(named(missing.stream().map(Sample::id).toList()) + " missing"
                    + belonging(dataFile, samples, missing, done)
                    + "; run the command of that part, which goes on where it was, and merge again");
        }
    }

    /** The parts to which samples belong, in parentheses, if the other ones show how the data was divided. */
    private static String belonging(Path dataFile, List<Sample> samples, List<Sample> missing, List<Done> done) {
        List<VideoRef> videos = Samples.videos(dataFile, samples);
        Map<VideoRef, Integer> position = new LinkedHashMap<>();
        videos.forEach(video -> position.put(video, position.size()));
        Map<String, Integer> positions = new LinkedHashMap<>();
        samples.forEach(sample -> positions.put(sample.id(), position.get(Samples.video(dataFile, sample))));
        for (int parts = Math.max(2, done.size()); parts <= videos.size(); parts++) {
            int divided = parts;
            List<Set<Integer>> found = done.stream()
                    .map(one -> one.ids().stream()
                            .map(id -> positions.get(id) % divided)
                            .collect(Collectors.toSet()))
                    .toList();
            boolean fits = found.stream().allMatch(numbers -> numbers.size() <= 1)
                    && found.stream().flatMap(Set::stream).distinct().count() == done.size();
            if (fits) {
                Set<String> names = new LinkedHashSet<>();
                missing.forEach(sample ->
                        names.add(new Part(positions.get(sample.id()) % divided + 1, divided).toString()));
                return " (part " + String.join(", ", names) + ")";
            }
        }
        return "";
    }

    private static String named(List<String> ids) {
        String shown = ids.stream().limit(SHOWN).map(id -> "\"" + id + "\"").collect(Collectors.joining(", "));
        String more = ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more" : "";
        return (ids.size() == 1 ? "sample " : "samples ") + shown + more + (ids.size() == 1 ? " is" : " are");
    }
}
