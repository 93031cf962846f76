package org.videotg.app.command;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Progress;
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
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

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
        data.forEach(file -> videos.addAll(Samples.videos(file, Samples.read(file))));
        List<VideoRef> mine = mine(List.copyOf(videos));
        ClipCheck.requireUsable(mine);
        // The cache has many writers, each file being written whole; one process does a part of the work.
        String work = Sha256.of(data + part).substring(0, 8);
        try (FolderLock lock = FolderLock.beside(model.features().resolve("features-" + work), Checks.LOCK_TIMEOUT)) {
            model.find().encode(mine, Progress.logged("features", mine.size()));
        }
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
        Matcher numbers = PART.matcher(part);
        int mine = numbers.matches() ? Integer.parseInt(numbers.group(1)) : 0;
        int parts = numbers.matches() ? Integer.parseInt(numbers.group(2)) : 0;
        if (mine < 1 || mine > parts) {
            throw new InputException("--part must be like 1/2, not \"" + part + "\"");
        }
        return IntStream.iterate(mine - 1, i -> i < videos.size(), i -> i + parts)
                .mapToObj(videos::get)
                .toList();
    }
}
