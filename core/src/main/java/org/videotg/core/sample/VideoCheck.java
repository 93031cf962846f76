package org.videotg.core.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.videotg.core.io.InputException;
import org.videotg.core.io.OutputException;

/**
 * Which videos of a data file are there, looked up before a run begins rather than found out in its middle.
 *
 * @param videos how many different ones the samples name
 * @param missing those that are no readable file or are empty, with the number of samples that each is missing from
 */
public record VideoCheck(int videos, Map<String, Integer> missing) {
    public VideoCheck {
        missing = Collections.unmodifiableMap(new TreeMap<>(missing));
    }

    /**
     * @param dataFile the file that the samples were read from, to whose folder relative paths belong
     */
    public static VideoCheck of(Path dataFile, List<Sample> samples) {
        Map<String, Boolean> there = new LinkedHashMap<>();
        Map<String, Integer> missing = new TreeMap<>();
        for (Sample sample : samples) {
            if (!there.computeIfAbsent(sample.video(), video -> isThere(Samples.resolve(dataFile, sample)))) {
                missing.merge(sample.video(), 1, Integer::sum);
            }
        }
        return new VideoCheck(there.size(), missing);
    }

    /**
     * @throws InputException if a video is missing, naming how many and the first
     */
    public void require(Path dataFile) {
        if (!missing.isEmpty()) {
            throw new InputException(dataFile + ": " + this + "; give the videos, or leave these samples out with"
                    + " \"videotg convert --videos DIR\"");
        }
    }

    /**
     * Tells a video that can't be read from one that was there at the time of this check, such as on a drive that has
     * been unmounted since: that is no property of the sample.
     *
     * @throws OutputException if the sample's video was there and is not any more
     */
    public void requireStill(Path dataFile, Sample sample) {
        Path file = Samples.resolve(dataFile, sample);
        if (!missing.containsKey(sample.video()) && !isThere(file)) {
            throw new OutputException(
                    file + " was there when the run began and is gone; bring it back and run the same command again",
                    null);
        }
    }

    @Override
    public String toString() {
        if (missing.isEmpty()) {
            return "all " + videos + " videos are there";
        }
        int samples = missing.values().stream().mapToInt(Integer::intValue).sum();
        return missing.size() + " of " + videos + " videos (of " + samples + " samples) are missing or empty, such as "
                + missing.keySet().iterator().next();
    }

    private static boolean isThere(Path file) {
        try {
            return Files.isRegularFile(file) && Files.isReadable(file) && Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
