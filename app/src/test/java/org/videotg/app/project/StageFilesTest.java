package org.videotg.app.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageFilesTest {
    @TempDir
    Path folder;

    /** A stage that is killed says nothing of it; what an earlier attempt said is not its reason. */
    @Test
    void anEarlierAttemptsErrorIsNotThisOnes() throws IOException {
        Path log = Files.writeString(folder.resolve("stage.log"), "videos: 3/9\nerror: the disk is full\n");
        assertEquals("the disk is full", StageFiles.lastLine(log, 0));
        long before = Files.size(log);
        assertEquals("it printed nothing", StageFiles.lastLine(log, before));
        Files.writeString(log, "videos: 4/9\n", StandardOpenOption.APPEND);
        assertEquals("videos: 4/9", StageFiles.lastLine(log, before));
        Files.writeString(log, "error: v.mp4 is empty\nnote: bye\n", StandardOpenOption.APPEND);
        assertEquals("v.mp4 is empty", StageFiles.lastLine(log, before));
    }
}
