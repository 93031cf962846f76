package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.ClipCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills the cache of vision features. */
@Command(
        name = "features",
        description = "Decode the videos of a data set and cache their vision features, so that later commands "
                + "find them. Several processes may share the work.",
        footer = {
            "",
            "Example:",
            "  ./videotg features --data runs/world/train.jsonl --features runs/features --part 1/2"
        })
final class FeaturesCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "samples (jsonl); may be given several times")
    private List<Path> data;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--part",
            paramLabel = "I/N",
            defaultValue = "1/1",
            description = "do the I-th of N equal parts; default: everything")
    private String part;

    @Option(names = "--cost", paramLabel = "FILE", description = "also write what this process has cost, as JSON")
    private Path cost;

    @Override
    public Integer call() {
        Set<VideoRef> videos = new LinkedHashSet<>();
        for (Path file : data) {
            for (Sample sample : Samples.read(file)) {
                videos.add(Samples.video(file, sample));
            }
        }
        List<VideoRef> mine = mine(List.copyOf(videos));
        ClipCheck.require(mine);
        model.find().encode(mine, Progress.logged("features", mine.size()));
        Cost spent = Cost.ofProcess();
        if (cost != null) {
            AtomicFiles.writeString(cost, Json.line(spent) + "\n");
        }
        System.out.printf(
                Locale.ROOT,
                "%s: features of %d videos, %.1f CPU s%n",
                model.features(),
                mine.size(),
                spent.cpuSeconds());
        return 0;
    }

    private List<VideoRef> mine(List<VideoRef> videos) {
        String[] numbers = part.split("/", -1);
        try {
            int mine = Integer.parseInt(numbers[0]);
            int parts = Integer.parseInt(numbers[1]);
            if (numbers.length == 2 && mine >= 1 && mine <= parts) {
                List<VideoRef> chosen = new ArrayList<>();
                for (int i = mine - 1; i < videos.size(); i += parts) {
                    chosen.add(videos.get(i));
                }
                return chosen;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new InputException("--part must be like 1/2, not \"" + part + "\"", e);
        }
        throw new InputException("--part must be like 1/2, not \"" + part + "\"");
    }
}
