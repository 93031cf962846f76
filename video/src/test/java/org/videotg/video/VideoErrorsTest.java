package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;

class VideoErrorsTest {
    @TempDir
    Path folder;

    private void assertRefused(Path file, String reason) {
        InputException e = assertThrows(InputException.class, () -> VideoFile.probe(file));
        assertTrue(e.getMessage().contains(file.toString()) && e.getMessage().contains(reason), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    @Test
    void missing() {
        assertRefused(folder.resolve("none.mp4"), "does not exist");
    }

    @Test
    void aFolder() {
        assertRefused(folder, "is a folder");
    }

    @Test
    void unreadable() throws IOException {
        Path file = TestClips.constant(folder.resolve("locked.mp4"), 2, 8);
        Files.setPosixFilePermissions(file, Set.of());
        Assumptions.assumeFalse(Files.isReadable(file), "this user may read everything");
        assertRefused(file, "can't be read");
    }

    @Test
    void empty() throws IOException {
        assertRefused(Files.createFile(folder.resolve("empty.mp4")), "is empty");
    }

    @Test
    void text() throws IOException {
        for (String name : new String[] {"text.mp4", "text.txt", "text.nfo", "text.m3u8"}) {
            assertRefused(
                    Files.writeString(
                            folder.resolve(name), "#EXTM3U\n#EXT-X-VERSION:3\n" + "no video at all\n".repeat(50)),
                    "is not a video");
        }
    }

    @Test
    void aListOfOtherFilesIsNotFollowed() throws IOException {
        TestClips.constant(folder.resolve("other.mp4"), 2, 8);
        assertRefused(
                Files.writeString(folder.resolve("list.txt"), "ffconcat version 1.0\nfile other.mp4\n"),
                "is not a video");
    }

    @Test
    void soundOnly() throws IOException {
        assertRefused(TestClips.wav(folder.resolve("sound.wav")), "holds no video stream (wav, 1 other stream)");
    }

    @Test
    void noFrames() throws IOException {
        Path stream = TestClips.encode(
                folder.resolve("stream.avi"), new VideoEncoder.Settings(64, 64, 8, 8, 2, "avi", "mpeg4", 0));
        assertRefused(stream, "not a single whole frame");
        Path nothing = TestClips.encode(folder.resolve("nothing.mp4"), VideoEncoder.Settings.h264(64, 64, 8, 20));
        assertRefused(nothing, "holds no video stream");
    }

    @Test
    void unknownCodec() throws IOException {
        Path file = TestClips.constant(folder.resolve("codec.mp4"), 4, 8);
        TestClips.recode(file, "evc1");
        assertRefused(file, "its video codec (evc, tag evc1) can't be decoded");
    }

    @Test
    void cutOffBeforeItsIndex() throws IOException {
        Path file = TestClips.constant(folder.resolve("cut.mp4"), 40, 8);
        TestClips.cut(file, 0.5);
        assertRefused(file, "may be cut off");
    }

    @Test
    void cutOffBeforeItsFirstFrame() throws IOException {
        Path file = TestClips.constant(folder.resolve("cut.mp4"), 4, 8);
        TestClips.indexFirst(file);
        int header = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("mdat");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), header + 12));
        assertRefused(file, "not a single whole frame");
    }

    @Test
    void aNameThatLooksLikeAnAddressIsAFile() {
        Path file = TestClips.constant(folder.resolve("http: ü 100%.mp4"), 3, 8);
        assertTrue(VideoFile.probe(file).frames() == 3);
    }
}
