package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Limit;
import org.videotg.core.io.RecordShards;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills the cache of vision features, or lists it. */
@Command(
        name = "features",
        description = "Decode the videos of a data set and cache their vision features, so that later commands "
                + "find them. Several processes may share the work. Or list what is cached.",
        footer = {
            "",
            "Example:",
            "  ./videotg features --data runs/world/train.jsonl --features runs/features --part 1/2",
            "  ./videotg features --list --features runs/features"
        })
final class FeaturesCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(FeaturesCommand.class);
    private static final double MIB = 1 << 20;

    @Option(names = "--data", paramLabel = "FILE", description = "samples (jsonl); may be given several times")
    private List<Path> data = List.of();

    @Option(
            names = "--list",
            description = "instead, print a row for each video or clip that is cached: key, CRC-32C, bytes, path; then "
                    + "what all files take and may take")
    private boolean list;

    @Mixin
    private ModelOptions model;

    @Mixin
    private VideoCheckOptions check;

    @Mixin
    private PartOption part;

    @Option(names = "--cost", paramLabel = "FILE", description = "also write what this process has cost, as JSON")
    private Path cost;

    @Override
    public Integer call() {
        if (list != data.isEmpty()) {
            throw new InputException("give either --data FILE or --list");
        }
        return list ? list() : encode();
    }

    private int list() {
        RecordShards cached = RecordShards.features(model.features());
        List<RecordShards.Listed> records = cached.list();
        records.forEach(record -> System.out.printf(
                Locale.ROOT, "%s %s %12d %s%n", record.key(), record.crc32c(), record.bytes(), record.name()));
        RecordShards.Size size = cached.size();
        System.out.printf(
                Locale.ROOT,
                "%s: features of %d videos in %d shards, %d files of the earlier layout; %.1f MiB, %.0f allowed%n",
                model.features(),
                records.size(),
                size.shards(),
                size.singles(),
                size.bytes() / MIB,
                Limit.FEATURE_CACHE_BYTES.value() / MIB);
        return ExitCode.OK;
    }

    private int encode() {
        List<Sample> samples = data.stream().flatMap(this::placed).toList();
        List<VideoRef> mine = part.get().ofVideos(Samples.videos(data.get(0), samples));
        String work = Sha256.of(data.toString() + part.get()).substring(0, 8);
        Path unit = model.features().resolve("features-" + work);
        List<VideoRef> usable = usable(samples, mine, unit);
        List<String> unreadable;
        // The cache has many writers; one process does a part of the work.
        try (FolderLock lock = FolderLock.beside(unit, Checks.LOCK_TIMEOUT)) {
            unreadable = model.find().encode(usable, Progress.logged("features", usable.size()));
        }
        unreadable.forEach(LOG::warn);
        Cost spent = Cost.ofProcess();
        if (cost != null) {
            AtomicFiles.writeString(cost, Json.line(spent) + "\n");
        }
        System.out.printf(
                Locale.ROOT,
                "%s: features of %d videos%s, %.1f CPU s%n",
                model.features(),
                usable.size() - unreadable.size(),
                usable.size() == mine.size() && unreadable.isEmpty()
                        ? ""
                        : " of " + mine.size() + ", the others can't be used",
                spent.cpuSeconds());
        return unreadable.isEmpty() || check.skips() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** The samples of a file, with ids and paths that tell them from those of the others. */
    private Stream<Sample> placed(Path file) {
        return Samples.read(file).stream().map(sample -> {
            Sample placed = sample.withVideo(Samples.resolve(file, sample).toString());
            return data.size() == 1 ? placed : placed.withId(file + ": " + sample.id());
        });
    }

    private List<VideoRef> usable(List<Sample> samples, List<VideoRef> mine, Path unit) {
        Set<VideoRef> part = Set.copyOf(mine);
        List<Sample> checked = samples.stream()
                .filter(sample -> part.contains(Samples.video(data.get(0), sample)))
                .toList();
        Map<String, String> skipped = check.check(data.get(0), checked, VideoCheckOptions.beside(unit));
        return Samples.videos(
                data.get(0),
                checked.stream()
                        .filter(sample -> !skipped.containsKey(sample.id()))
                        .toList());
    }
}
