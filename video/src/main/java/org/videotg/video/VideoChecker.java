package org.videotg.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import org.videotg.core.sample.VideoCheck.Kind;
import org.videotg.core.sample.VideoRef;

/**
 * Checks samples against their videos. Each file is opened once, on all processors: its packets are read, and nothing
 * is decoded unless the check is deep or packets don't tell the pictures ({@link VideoFile}).
 */
public final class VideoChecker {
    /** From so many files on, progress is reported. */
    private static final int MANY = 200;

    private final boolean deep;
    private final Map<Path, Probe> probes = new ConcurrentHashMap<>();

    /**
     * What was found out about a file.
     *
     * @param info empty if the file can't be opened
     */
    private record Probe(Optional<VideoInfo> info, Optional<Fault> fault) {
        static Probe bad(Kind kind, String message) {
            return new Probe(Optional.empty(), Optional.of(new Fault(kind, message)));
        }
    }

    private record Fault(Kind kind, String message) {}

    private record Place(Path file, Kind kind) {}

    /** @param deep whether every frame is decoded, which finds damage in the middle of a file */
    public VideoChecker(boolean deep) {
        this.deep = deep;
    }

    /** Checks samples; relative paths belong to the folder of the data file. */
    public VideoCheck check(Path dataFile, List<Sample> samples) {
        Map<Sample, Path> files = new LinkedHashMap<>();
        samples.forEach(sample -> files.put(sample, Samples.resolve(dataFile, sample)));
        open(files.values());
        Map<Place, Fault> faults = new LinkedHashMap<>();
        Map<Place, List<String>> ids = new LinkedHashMap<>();
        List<String> longer = new ArrayList<>();
        files.forEach((sample, file) -> {
            Optional<Fault> fault = fault(file, sample);
            fault.ifPresent(found -> {
                Place place = new Place(file, found.kind());
                faults.putIfAbsent(place, found);
                ids.computeIfAbsent(place, key -> new ArrayList<>()).add(sample.id());
            });
            if (fault.isEmpty() && VideoCheck.differs(sample, seconds(file, sample))) {
                longer.add(sample.id());
            }
        });
        List<VideoCheck.Problem> problems = faults.entrySet().stream()
                .map(fault -> new VideoCheck.Problem(
                        fault.getKey().file(),
                        fault.getKey().kind(),
                        fault.getValue().message(),
                        ids.get(fault.getKey())))
                .toList();
        Map<String, List<String>> notes = new LinkedHashMap<>();
        files.forEach((sample, file) -> notes.put(
                sample.id(), probed(file).info().map(VideoInfo::notesWithTimes).orElse(List.of())));
        int videos = (int) files.values().stream().distinct().count();
        return new VideoCheck(samples.size(), videos, problems, longer, notes);
    }

    /** Opens files on all processors, so that what is asked about them afterwards is known. */
    public void open(Collection<Path> files) {
        List<Path> distinct = files.stream()
                .distinct()
                .filter(file -> !probes.containsKey(file))
                .toList();
        Progress progress =
                distinct.size() < MANY ? Progress.silent() : Progress.logged("videos checked", distinct.size());
        distinct.parallelStream().forEach(file -> {
            probes.put(file, probe(file));
            progress.step("");
        });
        progress.finish("");
    }

    /** Returns what is wrong with a whole file, in one line with its path. */
    public Optional<String> problem(Path file) {
        return probed(file).fault().map(Fault::message);
    }

    /**
     * Returns the length of a file in seconds.
     *
     * @throws InputException if it can't be opened
     */
    public double seconds(Path file) {
        Probe probe = probed(file);
        return probe.info()
                .orElseThrow(
                        () -> new InputException(probe.fault().orElseThrow().message()))
                .duration();
    }

    /** Returns how a sample's annotation and its video, which can be read, contradict each other, in one line. */
    public Optional<String> mismatch(Path file, Sample sample) {
        return kind(file, sample).map(kind -> text(kind, file, sample));
    }

    private double seconds(Path file, Sample sample) {
        return sample.clip().length(seconds(file));
    }

    private Probe probed(Path file) {
        return probes.computeIfAbsent(file, this::probe);
    }

    private Probe probe(Path file) {
        VideoFile video;
        try {
            if (Files.notExists(file)) {
                return Probe.bad(Kind.MISSING, file + " does not exist");
            }
            if (Files.isRegularFile(file) && Files.size(file) == 0) {
                return Probe.bad(Kind.EMPTY, file + " is empty");
            }
            video = VideoFile.open(file);
        } catch (InputException e) {
            return Probe.bad(Kind.UNREADABLE, e.getMessage());
        } catch (IOException e) {
            return Probe.bad(Kind.UNREADABLE, file + " can't be read: " + e.getMessage());
        }
        return new Probe(Optional.of(video.info()), broken(video));
    }

    private Optional<Fault> broken(VideoFile video) {
        if (video.framesCutOff() > 0) {
            return Optional.of(new Fault(
                    Kind.TRUNCATED,
                    video.info().path() + " breaks off: " + video.framesCutOff()
                            + " of its frames lie beyond its end; copy it again"));
        }
        if (deep) {
            try {
                FrameDecoder.decodeAll(video.info());
            } catch (InputException e) {
                return Optional.of(new Fault(Kind.DAMAGED, e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Optional<Fault> fault(Path file, Sample sample) {
        Probe probe = probed(file);
        if (probe.fault().isPresent()) {
            return probe.fault();
        }
        if (!sample.clip().isWhole()) {
            try {
                FrameRange.of(VideoFile.open(file), sample.clip());
            } catch (InputException e) {
                return Optional.of(new Fault(Kind.CLIP, e.getMessage()));
            }
        }
        return kind(file, sample).map(kind -> new Fault(kind, text(kind, file, sample)));
    }

    private Optional<Kind> kind(Path file, Sample sample) {
        return VideoCheck.mismatch(sample, seconds(file, sample));
    }

    private String text(Kind kind, Path file, Sample sample) {
        double seconds = seconds(file, sample);
        VideoRef video = new VideoRef(file, sample.clip());
        return kind == Kind.SHORTER
                ? String.format(
                        Locale.ROOT, "%s lasts %.2f s, but %.2f s are annotated", video, seconds, sample.duration())
                : String.format(
                        Locale.ROOT,
                        "%s ends at %.2f s, but an annotated interval begins at %.2f s",
                        video,
                        seconds,
                        sample.intervals().stream()
                                .mapToDouble(Interval::start)
                                .filter(start -> start >= seconds)
                                .min()
                                .orElseThrow());
    }
}
