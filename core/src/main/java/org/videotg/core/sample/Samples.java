package org.videotg.core.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;

/**
 * This project's own sample format, one object a line:
 * {@code {"id","video","duration","query","intervals":[[s,e]],"task":"vtg"}}, for questions also {@code "options"} and
 * {@code "answer"}, for a clip {@code "video_start"} and {@code "video_end"}. Unknown fields are kept and written back.
 */
public final class Samples {
    /** The fields of a row that are the sample's own; every other name is free for {@link Sample#extra}. */
    public static final Set<String> KNOWN = Set.of(
            "id",
            "video",
            Clip.START_FIELD,
            Clip.END_FIELD,
            "duration",
            "query",
            "intervals",
            "task",
            "options",
            "answer");

    private Samples() {}

    /**
     * Reads a data set.
     *
     * @throws InputException naming file, line and field of the first bad row, or a repeated id
     */
    public static List<Sample> read(Path file) {
        List<Sample> samples = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        Jsonl.forEach(file, row -> {
            Sample sample = parse(row);
            String earlier = seen.put(sample.id(), row.where());
            if (earlier != null) {
                throw new InputException(row.where() + ": id \"" + sample.id() + "\" is already used at " + earlier
                        + "; ids must be unique");
            }
            samples.add(sample);
        });
        if (samples.isEmpty()) {
            throw new InputException(file + ": holds no sample; give one JSON object a line");
        }
        return List.copyOf(samples);
    }

    public static void write(Path file, List<Sample> samples) {
        Jsonl.write(file, samples.stream().map(Samples::toJson).toList());
    }

    /**
     * Where the sample's video lies: as given if absolute, else relative to the data file's folder. A name that is
     * there in composed or decomposed Unicode only is taken as it is there.
     */
    public static Path resolve(Path dataFile, Sample sample) {
        Path folder = dataFile.toAbsolutePath().getParent();
        try {
            Path file = folder.resolve(sample.video()).normalize();
            return Normalizer.isNormalized(file.toString(), Normalizer.Form.NFD)
                            && Normalizer.isNormalized(file.toString(), Normalizer.Form.NFC)
                    ? file
                    : asItIsThere(file);
        } catch (InvalidPathException e) {
            throw new InputException(
                    dataFile + ": sample \"" + sample.id() + "\": \"video\" is not a path: " + sample.video(), e);
        }
    }

    private static Path asItIsThere(Path file) {
        if (Files.exists(file)) {
            return file;
        }
        Path found = file.getRoot();
        for (Path name : file) {
            Path folder = found;
            found = Stream.of(Normalizer.Form.NFC, Normalizer.Form.NFD)
                    .map(form -> folder.resolve(Normalizer.normalize(name.toString(), form)))
                    .filter(Files::exists)
                    .findFirst()
                    .orElse(folder.resolve(name));
        }
        return Files.exists(found) ? found : file;
    }

    /** What the sample is about: {@link #resolve} with its clip. */
    public static VideoRef video(Path dataFile, Sample sample) {
        return new VideoRef(resolve(dataFile, sample), sample.clip());
    }

    /** What the samples are about, each once, in their order. */
    public static List<VideoRef> videos(Path dataFile, List<Sample> samples) {
        return samples.stream()
                .map(sample -> video(dataFile, sample))
                .distinct()
                .toList();
    }

    /**
     * The same sample for a data file in another folder: its relative video path, if it has one, becomes relative to
     * the new place, so that the file written there finds the same video.
     */
    public static Sample relocate(Sample sample, Path from, Path to) {
        if (Path.of(sample.video()).isAbsolute()) {
            return sample;
        }
        Path target = resolve(from, sample);
        String video =
                to.toAbsolutePath().getParent().normalize().relativize(target).toString();
        return sample.withVideo(video);
    }

    public static ObjectNode toJson(Sample sample) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("id", sample.id()).put("video", sample.video());
        Clip clip = sample.clip();
        if (!clip.isWhole()) {
            node.put(Clip.START_FIELD, clip.start());
            if (clip.isBounded()) {
                node.put(Clip.END_FIELD, clip.end());
            }
        }
        node.put("duration", sample.duration()).put("query", sample.query());
        node.set("intervals", Json.MAPPER.valueToTree(sample.intervals()));
        node.put("task", sample.task().id());
        if (!sample.options().isEmpty()) {
            node.set("options", Json.MAPPER.valueToTree(sample.options()));
        }
        if (sample.answer() != null) {
            node.put("answer", sample.answer());
        }
        sample.extra().forEach(node::set);
        return node;
    }

    /**
     * The sample of one row.
     *
     * @throws InputException naming the row's place and the field that is wrong
     */
    public static Sample parse(Jsonl.Row row) {
        JsonNode node = row.node();
        Map<String, JsonNode> extra = new LinkedHashMap<>();
        node.properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey())) {
                extra.put(field.getKey(), field.getValue());
            }
        });
        try {
            return new Sample(
                    text(row, "id"),
                    text(row, "video"),
                    clip(row),
                    number(row, "duration"),
                    text(row, "query"),
                    intervals(row),
                    task(row),
                    options(row),
                    node.hasNonNull("answer") ? text(row, "answer") : null,
                    extra);
        } catch (IllegalArgumentException e) {
            throw new InputException(row.where() + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode field(Jsonl.Row row, String name) {
        JsonNode value = row.node().get(name);
        if (value == null || value.isNull()) {
            throw new InputException(row.where() + ": \"" + name + "\" is missing; a sample needs "
                    + "id, video, duration, query, intervals");
        }
        return value;
    }

    private static String text(Jsonl.Row row, String name) {
        JsonNode value = field(row, name);
        if (!value.isTextual() && !value.isIntegralNumber()) {
            throw new InputException(row.where() + ": \"" + name + "\" must be text, not " + value);
        }
        return value.asText();
    }

    private static double number(Jsonl.Row row, String name) {
        JsonNode value = field(row, name);
        if (!value.isNumber()) {
            throw new InputException(row.where() + ": \"" + name + "\" must be a number of seconds, not " + value);
        }
        return value.asDouble();
    }

    private static Clip clip(Jsonl.Row row) {
        return Clip.of(bound(row, Clip.START_FIELD), bound(row, Clip.END_FIELD));
    }

    private static OptionalDouble bound(Jsonl.Row row, String name) {
        return row.node().hasNonNull(name) ? OptionalDouble.of(number(row, name)) : OptionalDouble.empty();
    }

    private static List<Interval> intervals(Jsonl.Row row) {
        JsonNode value = field(row, "intervals");
        List<Interval> intervals = new ArrayList<>();
        boolean valid = value.isArray();
        for (JsonNode pair : value) {
            valid &= pair.isArray()
                    && pair.size() == 2
                    && pair.get(0).isNumber()
                    && pair.get(1).isNumber();
            if (valid) {
                intervals.add(new Interval(pair.get(0).asDouble(), pair.get(1).asDouble()));
            }
        }
        if (!valid) {
            throw new InputException(
                    row.where() + ": \"intervals\" must be a list of pairs [start, end] in seconds, not " + value);
        }
        return intervals;
    }

    private static Task task(Jsonl.Row row) {
        if (!row.node().hasNonNull("task")) {
            return Task.VTG;
        }
        String label = text(row, "task");
        for (Task task : Task.values()) {
            if (task.id().equals(label)) {
                return task;
            }
        }
        throw new InputException(row.where() + ": unknown task \"" + label + "\"; known are "
                + Arrays.stream(Task.values())
                        .map(Task::id)
                        .collect(Collectors.joining(", "))
                        .toLowerCase(Locale.ROOT));
    }

    private static List<String> options(Jsonl.Row row) {
        List<String> options = new ArrayList<>();
        JsonNode value = row.node().path("options");
        if (!value.isMissingNode() && !value.isArray()) {
            throw new InputException(row.where() + ": \"options\" must be a list of texts, not " + value);
        }
        value.forEach(option -> options.add(option.asText()));
        return options;
    }
}
