package org.videotg.benchmarks.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.benchmarks.export.ExportFormat.Export;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/** Whatever is written comes back as the same samples, or is named as left out. */
class RoundTripTest {
    private static final String[] WORDS = {
        "a",
        "dog",
        "läuft",
        "犬",
        "\"quoted\"",
        "tab\there",
        "line\nbreak",
        "<video>",
        "##",
        ".",
        "\uD83D\uDE00",
        "NaN",
        "null",
        "12.5"
    };

    @TempDir
    Path folder;

    static Stream<ExportFormat> formats() {
        return ExportFormat.all().stream();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anySamplesComeBackTheSame(ExportFormat format) {
        for (int round = 0; round < 60; round++) {
            Random random = Draw.generator(5, "round trip", round);
            List<Sample> samples = new ArrayList<>();
            for (int i = 0, n = 1 + random.nextInt(12); i < n; i++) {
                samples.add(sample(random, i, round % 3));
            }
            samples.add(Sample.vtg("last", "v.mp4", 9, "q", List.of(new Interval(1, 2))));
            Path file = folder.resolve("f" + round + suffix(format, round));
            Export export = format.export(samples, file);
            List<String> left =
                    export.leftOut().values().stream().flatMap(List::stream).toList();
            AnnotationFile back = AnnotationFile.read(file);
            assertEquals(format.name(), back.format().name());
            assertEquals(List.of(), back.bad());
            assertEquals(
                    samples.stream()
                            .filter(sample -> !left.contains(sample.id()))
                            .toList(),
                    back.annotations().stream().map(Annotation::sample).toList());
            assertEquals(samples.size(), export.samples() + left.size());
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aRowThatNoLongerSaysWhatItsSampleSaysIsNamed(ExportFormat format) throws IOException {
        if (format instanceof VideotgExport) {
            return;
        }
        Path file = folder.resolve("edited" + suffix(format, 1));
        format.write(
                List.of(
                        Sample.vtg("a", "v.mp4", 31, "q", List.of(new Interval(1, 2))),
                        Sample.vtg("b", "w.mp4", 9, "q", List.of(new Interval(1, 2)))),
                file);
        String text = Files.readString(file);
        // Another program may write 31 for 31.0; that is no difference.
        Files.writeString(file, text.replaceFirst("31\\.0", "31"));
        assertEquals(2, AnnotationFile.read(file).annotations().size());
        Files.writeString(file, text.replaceFirst("v\\.mp4", "z.mp4"));
        AnnotationFile back = AnnotationFile.read(file);
        assertEquals(
                List.of("b"), back.annotations().stream().map(Annotation::id).toList());
        assertTrue(
                back.bad().get(0).problem().contains("is not that of its \"sample\": "),
                back.bad().toString());
    }

    /** @param kind 0: any; 1: every sample is curated; 2: none is */
    private static Sample sample(Random random, int number, int kind) {
        double duration = random.nextInt(4) == 0 ? 31 : Math.nextUp(random.nextDouble() * 300);
        List<Interval> intervals = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            intervals.add(
                    new Interval(random.nextInt(5) - 1 + random.nextDouble(), random.nextDouble() * 1.2 * duration));
        }
        Map<String, JsonNode> extra = new LinkedHashMap<>();
        Clip clip = random.nextInt(3) > 0
                ? Clip.WHOLE
                : new Clip(
                        random.nextInt(3) == 0 ? 0 : random.nextDouble(),
                        random.nextInt(3) == 0 ? Double.POSITIVE_INFINITY : 100 + random.nextDouble());
        if (random.nextBoolean()) {
            ObjectNode nested = Json.MAPPER.createObjectNode().put("n", random.nextInt());
            nested.putArray("list").add(text(random)).addNull();
            extra.put(random.nextBoolean() ? "bins" : "source", nested);
        }
        Task task = Task.values()[random.nextInt(3)];
        String video = (random.nextBoolean() ? "dir/" : "/abs/") + random.nextInt(3) + ".mp4";
        Sample sample = new Sample(
                "id " + number + text(random),
                video,
                clip,
                duration,
                text(random),
                intervals,
                task,
                task == Task.GQA ? List.of(text(random), "x") : List.of(),
                task == Task.GQA && random.nextBoolean() ? "A" : null,
                extra);
        boolean curated = kind == 0 ? random.nextBoolean() : kind == 1;
        return curated
                ? new Curation(
                                random.nextDouble(),
                                random.nextBoolean(),
                                random.nextBoolean() ? List.of() : List.of(new Interval(1.5, 2.25)),
                                random.nextBoolean(),
                                random.nextBoolean())
                        .onto(sample)
                : sample;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder(WORDS[random.nextInt(3)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    private static String suffix(ExportFormat format, int round) {
        if (format instanceof TimeR1Export) {
            return ".json";
        }
        return format instanceof TimeLensExport || format instanceof VideotgExport || round % 2 == 0
                ? ".jsonl"
                : ".json";
    }
}
