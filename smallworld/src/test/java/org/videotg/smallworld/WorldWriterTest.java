package org.videotg.smallworld;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.PowerCut;
import org.videotg.core.io.Sha256;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;

class WorldWriterTest {
    private static final WorldSettings TARGET =
            WorldSettings.grounding(DomainSettings.named("target"), 11, 4, 2, AnnotationDefects.partial(.45, .75));

    @TempDir
    Path folder;

    private Path write(String name, WorldSettings settings, int threads) {
        Path out = folder.resolve(name);
        WorldWriter.write(settings, out, threads, (done, total) -> {});
        return out;
    }

    @Test
    void theSameSettingsGiveTheSameFilesWithAnyNumberOfThreads() throws IOException {
        Path one = write("one", TARGET, 1);
        Path two = write("two", TARGET, 2);
        List<Path> files = files(one);
        assertEquals(6 + 5, files.size(), files.toString());
        for (Path file : files) {
            assertArrayEquals(
                    Files.readAllBytes(one.resolve(file)), Files.readAllBytes(two.resolve(file)), file::toString);
        }
    }

    @Test
    void itsFingerprintIsKnownBeforeItIsWritten() throws IOException {
        Path world = write("world", TARGET, 2);
        String rows = "";
        for (String file : List.of("train.jsonl", "test.jsonl", "truth.jsonl")) {
            rows += Files.readString(world.resolve(file));
        }
        assertEquals(Sha256.of(rows), WorldWriter.fingerprint(TARGET));
    }

    @Test
    void aMachinesLanguageDoesNotChangeIt() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(new Locale("ar", "EG"));
            assertEquals(
                    List.of("target-11-train-000000"),
                    ids(write("arabic", TARGET.withCounts(1, 0), 1).resolve("train.jsonl")));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void rowsHoldTheFormatsFieldsAndNothingThatHintsAtTheTruth() {
        Path clean = write(
                "clean", WorldSettings.grounding(DomainSettings.named("target"), 11, 3, 1, AnnotationDefects.NONE), 2);
        Path partial = write(
                "partial",
                WorldSettings.grounding(DomainSettings.named("target"), 11, 3, 1, AnnotationDefects.partial(1, 0)),
                2);
        assertEquals(ids(clean.resolve("train.jsonl")), ids(partial.resolve("train.jsonl")));
        for (Jsonl.Row row : Jsonl.read(partial.resolve("train.jsonl"))) {
            List<String> fields = new ArrayList<>();
            row.node().fieldNames().forEachRemaining(fields::add);
            assertEquals(List.of("id", "video", "duration", "query", "intervals", "task"), fields);
            assertEquals(
                    "videos/" + row.node().get("id").asText() + ".mp4",
                    row.node().get("video").asText());
        }
        List<Jsonl.Row> truth = Jsonl.read(partial.resolve("truth.jsonl"));
        assertEquals(4, truth.size());
        assertEquals(
                List.of(2, 2, 2, 1),
                truth.stream().map(row -> row.node().get("intervals").size()).toList());
        assertFalse(Files.exists(partial.resolve("tasks.jsonl")));
    }

    @Test
    void aStoppedRunIsFinishedAndAWorldMayGrow() throws IOException {
        Path out = write("world", TARGET.withCounts(3, 0), 2);
        List<Sample> before = Samples.read(out.resolve("train.jsonl"));
        Path kept = Samples.resolve(out.resolve("train.jsonl"), before.get(0));
        Path lost = Samples.resolve(out.resolve("train.jsonl"), before.get(1));
        byte[] bytes = Files.readAllBytes(lost);
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(kept, longAgo);
        Files.delete(lost);
        List<Integer> progress = new ArrayList<>();
        WorldWriter.write(TARGET, out, (done, total) -> progress.add(done * 100 + total));
        assertEquals(longAgo, Files.getLastModifiedTime(kept));
        assertArrayEquals(bytes, Files.readAllBytes(lost));
        assertEquals(before, Samples.read(out.resolve("train.jsonl")).subList(0, 3));
        assertEquals(IntStream.rangeClosed(1, 6).mapToObj(i -> i * 100 + 6).toList(), progress);
    }

    /** What a power failure or a bad disk leaves. */
    @ParameterizedTest
    @ValueSource(strings = {"", "short", "flipped"})
    void aDamagedVideoIsRenderedAgain(String damage) throws IOException {
        Path out = write("damaged", TARGET.withCounts(2, 0), 2);
        Path video = out.resolve("videos/target-11-train-000001.mp4");
        byte[] whole = Files.readAllBytes(video);
        byte[] damaged = damage.equals("flipped") ? whole.clone() : damage.getBytes(StandardCharsets.UTF_8);
        if (damage.equals("flipped")) {
            damaged[damaged.length / 2] ^= 1;
        }
        Files.write(video, damaged);
        write("damaged", TARGET.withCounts(2, 0), 2);
        assertArrayEquals(whole, Files.readAllBytes(video));
    }

    @Test
    void afterAPowerCutAWorldIsFinished() throws IOException {
        WorldSettings one = TARGET.withCounts(1, 0);
        Path whole = write("whole", one, 1);
        Path root = Files.createDirectory(folder.resolve("root"));
        List<Path> images = PowerCut.during(
                root,
                folder.resolve("images"),
                () -> WorldWriter.write(one, root.resolve("w"), 1, (done, total) -> {}));
        assertTrue(images.size() > 30, "moments: " + images.size());
        for (Path image : images) {
            WorldWriter.write(one, image.resolve("w"), 1, (done, total) -> {});
            for (Path file : files(whole)) {
                assertArrayEquals(
                        Files.readAllBytes(whole.resolve(file)),
                        Files.readAllBytes(image.resolve("w").resolve(file)),
                        image + " " + file);
            }
        }
    }

    @Test
    void twoWorldsAtOnceDoNotMix() throws IOException {
        Path out = folder.resolve("shared");
        WorldSettings other = WorldSettings.grounding(DomainSettings.named("target"), 12, 2, 0, AnnotationDefects.NONE);
        try (FolderLock first = FolderLock.take(out, Duration.ZERO)) {
            String message = assertThrows(InputException.class, () -> write("shared", other, 1))
                    .getMessage();
            assertTrue(message.contains("in use by another run"), message);
        }
        assertEquals(List.of(), files(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]"})
    void aDamagedWorldFileIsAnErrorThatNamesIt(String text) throws IOException {
        Path out = write("header", TARGET.withCounts(1, 0), 1);
        Files.writeString(out.resolve("world.json"), text);
        String message = assertThrows(InputException.class, () -> write("header", TARGET.withCounts(1, 0), 1))
                .getMessage();
        assertTrue(message.contains("world.json"), message);
    }

    @Test
    void aFolderWithAnotherWorldIsLeftAlone() throws IOException {
        Path out = write("mine", TARGET.withCounts(1, 0), 1);
        byte[] before = Files.readAllBytes(out.resolve("world.json"));
        WorldSettings other =
                WorldSettings.grounding(DomainSettings.named("target"), 12, 1, 0, AnnotationDefects.partial(.45, .75));
        InputException e = assertThrows(InputException.class, () -> WorldWriter.write(other, out, (done, total) -> {}));
        assertTrue(
                e.getMessage().contains("another world")
                        && e.getMessage().lines().count() == 1,
                e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(out.resolve("world.json")));
    }

    @Test
    void aPretrainingWorldHasTasksAndLabelsOfItsTrainingVideos() {
        Path out = write("base", WorldSettings.pretraining(DomainSettings.named("base"), 1, 2, 1), 2);
        assertTrue(Samples.read(out.resolve("tasks.jsonl")).stream()
                .allMatch(row -> row.video().contains("-train-")));
        assertEquals(2, Jsonl.read(out.resolve("scenes.jsonl")).size());
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThrows(
                InputException.class,
                () -> WorldSettings.grounding(DomainSettings.named("base"), 1, 0, 0, AnnotationDefects.NONE));
        assertThrows(InputException.class, () -> AnnotationDefects.partial(1.2, 0));
        assertThrows(InputException.class, () -> AnnotationDefects.partial(0, Double.NaN));
        assertThrows(InputException.class, () -> new AnnotationDefects(0, 0, -0.1));
    }

    private static List<String> ids(Path file) {
        return Samples.read(file).stream().map(Sample::id).toList();
    }

    private static List<Path> files(Path root) throws IOException {
        try (var walk = Files.walk(root)) {
            return walk.filter(file -> Files.isRegularFile(file) && !file.endsWith(".lock"))
                    .map(root::relativize)
                    .sorted()
                    .toList();
        }
    }
}
