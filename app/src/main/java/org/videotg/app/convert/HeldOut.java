package org.videotg.app.convert;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/**
 * A data set in two parts that share no video.
 *
 * @param kept to train on
 * @param held to test on
 */
public record HeldOut(List<Sample> kept, List<Sample> held) {
    private static final String PURPOSE = "hold out";

    public HeldOut {
        kept = List.copyOf(kept);
        held = List.copyOf(held);
    }

    /**
     * Holds out the videos whose names draw the lowest numbers: the same ones whatever else is in the data set, as long
     * as its size is about the same.
     *
     * @param share of the videos, in [0, 1); above 0 it is at least one video
     * @throws InputException if the share is not in that range, or one part would be empty
     */
    public static HeldOut of(List<Sample> samples, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new InputException("the share that is held out must be in [0, 1), not " + share);
        }
        if (share == 0) {
            return new HeldOut(samples, List.of());
        }
        List<String> videos = samples.stream()
                .map(HeldOut::name)
                .distinct()
                .sorted(Comparator.comparingDouble((String name) -> Draw.uniform(Draw.key(name), PURPOSE))
                        .thenComparing(name -> name))
                .toList();
        if (videos.size() < 2) {
            throw new InputException(
                    "all samples are about one video, of which none can be held out; give a file to" + " test on");
        }
        int count = (int) Math.min(videos.size() - 1L, Math.max(1, Math.round(share * videos.size())));
        Set<String> out = Set.copyOf(videos.subList(0, count));
        Map<Boolean, List<Sample>> parts =
                samples.stream().collect(Collectors.partitioningBy(sample -> out.contains(name(sample))));
        return new HeldOut(parts.get(false), parts.get(true));
    }

    /** Returns the samples that are held out with paths of their videos for another file. */
    public List<Sample> relocated(Path from, Path to) {
        return held.stream().map(sample -> Samples.relocate(sample, from, to)).toList();
    }

    /** The video's file name: the draw must not depend on where the videos lie. */
    private static String name(Sample sample) {
        return Path.of(sample.video()).getFileName().toString();
    }
}
