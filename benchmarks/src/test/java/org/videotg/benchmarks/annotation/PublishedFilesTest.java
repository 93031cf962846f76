package org.videotg.benchmarks.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.videotg.benchmarks.annotation.Quirk.AMBIGUOUS_ANSWER;
import static org.videotg.benchmarks.annotation.Quirk.BEYOND;
import static org.videotg.benchmarks.annotation.Quirk.DUPLICATE;
import static org.videotg.benchmarks.annotation.Quirk.NEGATIVE;
import static org.videotg.benchmarks.annotation.Quirk.REVERSED;
import static org.videotg.benchmarks.annotation.Quirk.ZERO_LENGTH;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.io.SharedData;

/** The published files: how many rows they have and how many of these are odd. */
class PublishedFilesTest {
    /**
     * @param side the csv beside the file, or null
     * @param quirks all of them; what is not named must not occur
     */
    record Published(String file, String side, String format, int rows, int clips, Map<Quirk, Integer> quirks) {
        @Override
        public String toString() {
            return file;
        }

        Published(String file, String format, int rows, Map<Quirk, Integer> quirks) {
            this(file, null, format, rows, 0, quirks);
        }

        AnnotationFile read() {
            Path path = SharedData.file(file);
            AnnotationFile.Settings settings = AnnotationFile.Settings.defaults();
            if (side != null) {
                Path csv = SharedData.file(side);
                settings = format.equals("nextgqa") ? settings.withQuestions(csv) : settings.withDurations(csv);
            }
            return AnnotationFile.read(path, settings);
        }
    }

    static Stream<Published> files() {
        return Stream.of(
                new Published(
                        "charades-sta/charades_sta_test.txt",
                        "charades-sta/Charades_v1_test.csv",
                        "charades-sta",
                        3720,
                        0,
                        Map.of(BEYOND, 562)),
                new Published(
                        "charades-sta/charades_sta_train.txt",
                        "charades-sta/Charades_v1_train.csv",
                        "charades-sta",
                        12408,
                        0,
                        Map.of(BEYOND, 1805, REVERSED, 4)),
                new Published("charades-sta/charades_sta_train.txt", "charades-sta", 12408, Map.of(REVERSED, 4)),
                new Published("charades-sta/timezero_charades_test.json", "activitynet", 3720, Map.of(BEYOND, 562)),
                new Published(
                        "activitynet-captions/train.json",
                        "activitynet",
                        37421,
                        Map.of(REVERSED, 2, ZERO_LENGTH, 2, BEYOND, 29)),
                new Published("activitynet-captions/val_1.json", "activitynet", 17505, Map.of(BEYOND, 5)),
                new Published("activitynet-captions/val_2.json", "activitynet", 17031, Map.of(BEYOND, 1)),
                new Published("qvhighlights/highlight_train_release.jsonl", "qvhighlights", 7218, Map.of()),
                new Published("qvhighlights/highlight_val_release.jsonl", "qvhighlights", 1550, Map.of()),
                new Published(
                        "qvhighlights/highlight_test_release.jsonl",
                        "qvhighlights",
                        1542,
                        Map.of(Quirk.NOT_ANNOTATED, 1542)),
                new Published("tacos/train.json", "tacos-frames", 9790, Map.of(BEYOND, 43, DUPLICATE, 1206)),
                new Published("tacos/val.json", "tacos-frames", 4436, Map.of(DUPLICATE, 517)),
                new Published("tacos/test.json", "tacos-frames", 4001, Map.of(BEYOND, 5, DUPLICATE, 572)),
                new Published("tacos/cgdetr_val.jsonl", "qvhighlights", 4436, Map.of(DUPLICATE, 517)),
                new Published("time-r1/train_2k5.json", null, "timer1", 2500, 665, Map.of(BEYOND, 34)),
                new Published("time-r1/tvgbench.json", null, "tvgbench", 800, 252, Map.of(ZERO_LENGTH, 11, BEYOND, 27)),
                new Published("nextgqa/gsub_val.json", "nextgqa/val.csv", "nextgqa", 3358, 0, Map.of(BEYOND, 3)),
                new Published(
                        "nextgqa/gsub_test.json",
                        "nextgqa/test.csv",
                        "nextgqa",
                        5553,
                        0,
                        Map.of(NEGATIVE, 36, AMBIGUOUS_ANSWER, 1)),
                new Published("nextgqa/videochatr1_nextgqa_val.json", "videochat-r1-gqa", 3358, Map.of(BEYOND, 3)),
                new Published("rextime/rextime_val.json", "rextime", 921, Map.of(ZERO_LENGTH, 2, BEYOND, 4)),
                new Published("rextime/rextime_val.jsonl", "rextime", 921, Map.of(ZERO_LENGTH, 2, BEYOND, 4)),
                new Published(
                        "rextime/rextime_test_release.json",
                        "rextime",
                        2143,
                        Map.of(ZERO_LENGTH, 2143, Quirk.BLANK_ANSWER, 2143)),
                new Published("videos/charades_sta.txt", "charades-sta", 10, Map.of()),
                new Published("videos/activitynet.json", "activitynet", 6, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void rowsAndQuirksAreThoseOfTheFile(Published published) {
        AnnotationFile file = published.read();
        assertEquals(published.format(), file.format().name());
        assertEquals(List.of(), file.bad());
        assertEquals(published.rows(), file.annotations().size());
        Map<Quirk, Integer> counts = new TreeMap<>();
        Quirks.of(file.annotations()).rows().forEach((quirk, ids) -> counts.put(quirk, ids.size()));
        assertEquals(new TreeMap<>(published.quirks()), counts);
        assertEquals(
                published.clips(),
                file.annotations().stream().filter(Annotation::isClip).count());
    }

    @Test
    void tacosIsTheSameInFramesAndInSeconds() {
        List<Annotation> frames =
                new Published("tacos/val.json", "", 0, Map.of()).read().annotations();
        List<Annotation> seconds =
                new Published("tacos/cgdetr_val.jsonl", "", 0, Map.of()).read().annotations();
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(seconds.get(i).query(), frames.get(i).query());
            assertEquals(seconds.get(i).duration(), frames.get(i).duration());
            assertEquals(seconds.get(i).intervals(), frames.get(i).intervals());
        }
    }

    @Test
    void nextGqaIsTheSameFromItsOwnFilesAndFromVideoChat() {
        Map<String, Annotation> own = new TreeMap<>();
        new Published("nextgqa/gsub_val.json", "nextgqa/val.csv", "nextgqa", 0, 0, Map.of())
                .read()
                .annotations()
                .forEach(row -> own.put(row.id(), row));
        for (Annotation row : new Published("nextgqa/videochatr1_nextgqa_val.json", "", 0, Map.of())
                .read()
                .annotations()) {
            Annotation same = own.get(row.id());
            assertEquals(
                    List.of(same.query(), same.options(), same.answer(), same.intervals()),
                    List.of(row.query(), row.options(), row.answer(), row.intervals()));
        }
    }
}
