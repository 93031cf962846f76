package org.videotg.smallworld.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;

class VisionLabelsTest {
    @TempDir
    Path folder;

    private VisionLabels labels() {
        Path file = folder.resolve("scenes.jsonl");
        AtomicFiles.writeString(
                file,
                "{\"video\":\"a.mp4\",\"grids\":[[[\"red\",\"square\",\"stays\"]],[[\"red\",\"circle\",\"stays\"]]]}\n");
        return VisionLabels.read(file, VisionLabels.names(List.of(file)));
    }

    @Test
    void everyGridHasTheLabelsOfItsSecond() {
        assertEquals(List.of("red circle", "red circle stays", "red square", "red square stays"), labels().names());
        float[] targets = labels().targets("a.mp4", new double[] {0.25, 1.5});
        assertArrayEquals(new float[] {0, 0, 1, 1, 1, 1, 0, 0}, targets);
    }

    /** Too few videos to show every query. */
    @Test
    void aQueryThatNoSceneShowsIsRefused() {
        float[][] matches = labels().matches("a.mp4", new double[] {0.25, 1.5}, "when does the red circle stays");
        assertEquals(2, matches.length);
        String message = assertThrows(
                        InputException.class,
                        () -> labels().matches("a.mp4", new double[] {0.25}, "the blue circle stays"))
                .getMessage();
        assertEquals(
                "no scene shows \"the blue circle stays\", so the vision labels lack it; render more videos", message);
    }
}
