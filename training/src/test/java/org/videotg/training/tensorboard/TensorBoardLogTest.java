package org.videotg.training.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.videotg.core.sample.Interval;
import org.videotg.training.tensorboard.EventFiles.Field;
import org.videotg.training.trainer.RolloutGroup;
import org.videotg.training.trainer.RolloutGroup.Rollout;

class TensorBoardLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void aRestartReplacesTheStepsFromItOn() throws Exception {
        try (TensorBoardLog log = new TensorBoardLog(folder, 0, CLOCK)) {
            for (long step = 0; step < 4; step++) {
                log.scalars(step, Map.of("step", step, "reward", 0.1 * step, "memoryBytes", 1L << 40));
            }
        }
        try (TensorBoardLog log = new TensorBoardLog(folder, 2, CLOCK)) {
            log.scalars(2, Map.of("step", 2L, "reward", 0.75));
        }
        var scalars = EventFiles.scalars(folder);
        assertEquals(Map.of(0L, 0f, 1L, 0.1f, 2L, 0.75f), scalars.get("reward"));
        assertEquals(Map.of(0L, (float) (1L << 40), 1L, (float) (1L << 40)), scalars.get("memoryBytes"));
        assertEquals(2, scalars.size());
        List<Field> first = EventFiles.events(folder).get(0);
        assertEquals(1.8e9, EventFiles.one(first, 1));
        assertEquals("brain.Event:2", EventFiles.text(EventFiles.one(first, 3)));
    }

    @Test
    void repliesAreATableAndAPicture() throws Exception {
        RolloutGroup group = new RolloutGroup(
                "a1",
                "a <b>door</b> opens",
                10,
                List.of(new Interval(2, 4)),
                0,
                List.of(
                        new Rollout("<answer>2 to 5</answer>", List.of(new Interval(2, 5)), 1, Map.of()),
                        new Rollout("none", List.of(), 0, Map.of())));
        try (TensorBoardLog log = new TensorBoardLog(folder, 7, CLOCK)) {
            log.rollouts(7, List.of(group));
        }
        List<List<Field>> events = EventFiles.events(folder);
        List<Field> table = value(events.get(2));
        assertEquals("replies", EventFiles.text(EventFiles.one(table, 1)));
        List<Field> tensor = EventFiles.fields((byte[]) EventFiles.one(table, 8));
        List<Long> shape = EventFiles.all(EventFiles.fields((byte[]) EventFiles.one(tensor, 2)), 2).stream()
                .map(dimension -> (Long) EventFiles.one(EventFiles.fields(dimension), 1))
                .toList();
        assertEquals(List.of(3L, 5L), shape);
        List<String> cells =
                EventFiles.all(tensor, 8).stream().map(EventFiles::text).toList();
        assertEquals(
                List.of("a1", "a <b>door</b> opens", "2.0 to 4.0 s", "1.000", "<answer>2 to 5</answer>"),
                cells.subList(5, 10));
        List<Field> picture = value(events.get(3));
        assertEquals("moments", EventFiles.text(EventFiles.one(picture, 1)));
        List<Field> image = EventFiles.fields((byte[]) EventFiles.one(picture, 4));
        BufferedImage drawn = ImageIO.read(new ByteArrayInputStream((byte[]) EventFiles.one(image, 4)));
        assertEquals((long) drawn.getHeight(), EventFiles.one(image, 1));
        assertEquals((long) drawn.getWidth(), EventFiles.one(image, 2));
        // 628 pixels are 10 s: the annotation from 2 to 4 s, the reply to 5 s.
        int lane = 6 + 5;
        int reply = 6 + 10 + 2 + 2;
        assertEquals(0xff1f6feb, drawn.getRGB(6 + 130, lane));
        assertEquals(0xffe4e7eb, drawn.getRGB(6 + 120, lane));
        assertEquals(0xffe4e7eb, drawn.getRGB(6 + 260, lane));
        assertEquals(0xffb35900, drawn.getRGB(6 + 260, reply));
        assertEquals(0xffe4e7eb, drawn.getRGB(6 + 260, reply + 7));
    }

    /** The only value of an event's summary. */
    private static List<Field> value(List<Field> event) {
        return EventFiles.fields((byte[]) EventFiles.one(EventFiles.fields((byte[]) EventFiles.one(event, 5)), 1));
    }

    /** The reader of these tests notices a wrong byte. */
    @Test
    void checksumsAreChecked() throws Exception {
        new TensorBoardLog(folder, 0, CLOCK).close();
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(2, EventFiles.records(bytes).size());
        bytes[20]++;
        assertThrows(AssertionFailedError.class, () -> EventFiles.records(bytes));
    }
}
