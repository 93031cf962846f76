package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;

/** Runs whose data name videos that are empty or damaged in their middle. */
class BadVideosRunTest extends WithTrainedModel {
    @TempDir
    Path own;

    private Path data;
    private Path run;
    private Path empty;
    private byte[] whole;

    /** The first video is empty, and of the last one packets in the middle are zeros, which only decoding tells. */
    @BeforeEach
    void breakVideos() throws IOException {
        data = own.resolve("train.jsonl");
        run = own.resolve("run");
        List<Sample> samples = new ArrayList<>();
        for (Sample sample : Samples.read(world.data)) {
            Files.copy(Samples.resolve(world.data, sample), own.resolve(sample.video()));
            samples.add(sample);
        }
        Samples.write(data, samples);
        empty = own.resolve(samples.get(0).video());
        whole = Files.readAllBytes(empty);
        Files.write(empty, new byte[0]);
        Path damaged = own.resolve(samples.get(5).video());
        byte[] bytes = Files.readAllBytes(damaged);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int from = text.indexOf("mdat") + 4;
        int to = text.indexOf("moov") > from ? text.indexOf("moov") - 4 : bytes.length;
        Arrays.fill(bytes, from + (to - from) / 4, to, (byte) 0);
        Files.write(damaged, bytes);
    }

    private TrainingPlan plan(String... more) {
        List<String> settings = new ArrayList<>(List.of("method=sft", "steps=3", "data=" + data));
        settings.addAll(List.of(more));
        return new TrainingPlan(recipe(settings.toArray(String[]::new)), run, List.of());
    }

    @Test
    void stoppingComesBeforeTheFirstStep() throws IOException {
        String first = assertThrows(InputException.class, () -> train(plan(), () -> false, false))
                .getMessage();
        assertTrue(first.startsWith("1 of 6 videos, of 1 of 6 samples, can't be used (1 empty)"), first);
        Files.write(empty, whole);
        String second = assertThrows(InputException.class, () -> train(plan(), () -> false, false))
                .getMessage();
        assertTrue(second.startsWith("1 of 6 videos can't be read to their last frame"), second);
        String trained = assertThrows(
                        InputException.class, () -> train(plan("compute.trainVision=true"), () -> false, false))
                .getMessage();
        assertTrue(trained.contains("(1 damaged)"), "decoded before training, not in its midst: " + trained);
        assertFalse(new RunFolder(run).hasSteps());
    }

    /** The run keeps to what it began with, whatever becomes of the files. */
    @Test
    void aRunThatSkipsSaysSoAndResumesAsTheSameRun() throws IOException {
        assertTrue(train(plan("onBadVideo=skip"), () -> false, false));
        byte[] undisturbed = Files.readAllBytes(run.resolve("model/model.safetensors"));
        assertEquals(Set.of("s0", "s5"), new RunFolder(run).skipped().keySet());
        assertEquals("2", RunManifest.read(run).notes().get("skippedSamples"));
        assertEquals("4", RunManifest.read(run).notes().get("samples"));

        run = own.resolve("stopped");
        assertFalse(train(plan("onBadVideo=skip"), () -> true, false));
        Files.write(empty, whole);
        Path other = own.resolve("v1.mp4");
        byte[] bytes = Files.readAllBytes(other);
        Files.delete(other);
        String gone = assertThrows(InputException.class, () -> train(plan("onBadVideo=skip"), () -> false, true))
                .getMessage();
        assertTrue(gone.contains("(1 missing)"), gone);
        Files.write(other, bytes);
        // The choice is about the beginning only.
        assertTrue(train(plan(), () -> false, true));
        assertArrayEquals(undisturbed, Files.readAllBytes(run.resolve("model/model.safetensors")));

        run = own.resolve("forgotten");
        assertFalse(train(plan("onBadVideo=skip"), () -> true, false));
        Files.delete(new RunFolder(run).skippedFile());
        String forgotten = assertThrows(InputException.class, () -> new TrainingRun(plan(), () -> false).run(true))
                .getMessage();
        assertTrue(forgotten.contains("skipped.jsonl"), forgotten);
    }
}
