package org.videotg.app.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of rows that appears, grows, is cut and is replaced while it is read. */
class GrowingRowsTest {
    @TempDir
    private Path folder;

    private static String row(int step, double reward) {
        return "{\"step\":" + step + ",\"reward\":" + reward + ",\"rowCrc32c\":\"00000000\"}\n";
    }

    private Path file() {
        return folder.resolve("metrics.jsonl");
    }

    private void append(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void holds(GrowingRows rows, double... rewards) {
        rows.refresh();
        assertArrayEquals(rewards, rows.values("reward", 0));
    }

    @Test
    void rowsAreReadAsTheyAreCompleted() throws IOException {
        GrowingRows rows = new GrowingRows(file());
        holds(rows);
        append(row(0, 0.5) + row(1, 0.25) + "{\"step\":2,\"rew");
        holds(rows, 0.5, 0.25);
        holds(rows, 0.5, 0.25);
        append("ard\":1}\n");
        holds(rows, 0.5, 0.25, 1);
        assertEquals(0, rows.generation());
        assertEquals(List.of("step", "reward"), rows.columns());
        assertArrayEquals(new double[] {1}, rows.values("reward", 2));
        assertEquals(0, rows.damaged());
    }

    /** As a resumed run leaves it: cut after the checkpoint, and longer again before anybody has looked. */
    @Test
    void aCutFileIsReadAnew() throws IOException {
        GrowingRows rows = new GrowingRows(file());
        append(row(0, 0.5) + row(1, 0.25) + row(2, 0.75));
        holds(rows, 0.5, 0.25, 0.75);
        Files.writeString(file(), row(0, 0.5));
        append(row(1, 0.125) + row(2, 0.375) + row(3, 0.875));
        holds(rows, 0.5, 0.125, 0.375, 0.875);
        assertEquals(1, rows.generation());
        Files.delete(file());
        holds(rows);
        assertEquals(2, rows.generation());
        append(row(0, 0.5));
        holds(rows, 0.5);
    }

    /** A file that was replaced by one that begins in the same way is one that has grown. */
    @Test
    void aReplacedFileWithTheSameRowsGoesOn() throws IOException {
        GrowingRows rows = new GrowingRows(file());
        append(row(0, 0.5) + row(1, 0.25));
        holds(rows, 0.5, 0.25);
        Files.delete(file());
        append(row(0, 0.5) + row(1, 0.25) + row(2, 1));
        holds(rows, 0.5, 0.25, 1);
        assertEquals(0, rows.generation());
    }

    @Test
    void whatIsNoRowIsCounted() throws IOException {
        GrowingRows rows = new GrowingRows(file());
        append("nonsense\n\n[1]\n{\"step\":\"x\"}\n" + row(0, 0.5) + "{\"step\":1,\"reward\":\"NaN\",\"<b>\":3}\n"
                + row(2, 0.75));
        holds(rows, 0.5, Double.NaN, 0.75);
        assertEquals(3, rows.damaged());
        assertEquals(List.of("step", "reward", "<b>"), rows.columns());
    }

    @Test
    void aStepThatIsTrainedAgainReplacesThoseFromItOn() throws IOException {
        GrowingRows rows = new GrowingRows(file());
        append(row(0, 0.5) + row(1, 0.25) + row(2, 0.75));
        holds(rows, 0.5, 0.25, 0.75);
        append(row(1, 1));
        holds(rows, 0.5, 1);
        assertEquals(1, rows.generation());
    }

    @Test
    void aLineWithoutEndTakesNoMoreThanAChunkOfMemory() throws IOException {
        GrowingRows rows = new GrowingRows(file());
        append("x".repeat(3 << 20) + "\n" + row(0, 0.5));
        holds(rows, 0.5);
        assertEquals(0, rows.generation());
    }
}
