package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
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

    /** Each of these names another file, which FFmpeg would open before it says of what kind the first one is. */
    @Test
    void listsOfOtherFilesAreNotFollowed() throws IOException {
        TestClips.constant(folder.resolve("other.mp4"), 2, 8);
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("picture1.png").toFile());
        String manifest = "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet"
                + " mimeType=\"video/mp4\"><Representation id=\"1\"><BaseURL>other.mp4</BaseURL></Representation>"
                + "</AdaptationSet></Period></MPD>";
        Map<String, String> lists = Map.of(
                "list.txt", "ffconcat version 1.0\nfile other.mp4\n",
                "list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.mp4\n#EXT-X-ENDLIST\n",
                "list.mpd", manifest,
                "picture%d.png", "no picture");
        for (Map.Entry<String, String> list : lists.entrySet()) {
            assertRefused(Files.writeString(folder.resolve(list.getKey()), list.getValue()), "is not a video");
        }
    }

    @Test
    void soundOnly() throws IOException {
        assertRefused(TestClips.wav(folder.resolve("sound.wav")), "is not a video file, or of a container");
    }

    @Test
    void aCodecThatIsNotOnTheList() throws IOException {
        Path file = TestClips.encode(
                folder.resolve("magic.avi"),
                new VideoEncoder.Settings(TestClips.WIDTH, TestClips.HEIGHT, 8, 8, 2, "avi", "magicyuv", 0),
                LongStream.range(0, 3).toArray());
        assertRefused(file, "its video codec (magicyuv, tag M8Y0) can't be decoded");
    }

    @Test
    void morePixelsThanAllowed() throws IOException {
        Path file = TestClips.constant(folder.resolve("large.mp4"), 2, 8);
        System.setProperty("videotg.limit.picturePixels", "1000");
        try {
            assertRefused(file, "more than 1000 pixels in a picture");
        } finally {
            System.clearProperty("videotg.limit.picturePixels");
        }
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
        int header = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf("mdat");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), header + 12));
        assertRefused(file, "not a single whole frame");
    }

    /** The sizes in the index of a VP9 superframe come from the file. */
    @Test
    void sizesOfAnIndexLeadOutOfThePacket() {
        byte[] bytes = new byte[64];
        int start = 32;
        int size = 20;
        // Two frames with sizes of four bytes, between two markers; the first frame shows itself.
        bytes[start] = (byte) 0x82;
        bytes[start + size - 1] = (byte) 0xD9;
        bytes[start + size - 10] = (byte) 0xD9;
        Arrays.fill(bytes, start + size - 9, start + size - 5, (byte) 0xFF);
        bytes[start + size - 9] = (byte) 0xF0;
        // What a size of -16 would lead to.
        bytes[start - 16] = (byte) 0x82;
        try (BytePointer data = new BytePointer(bytes)) {
            assertEquals(1, Demuxer.vp9Pictures(data.position(start), size));
        }
    }

    @Test
    void aNameThatLooksLikeAnAddressIsAFile() {
        Path file = TestClips.constant(folder.resolve("http: ü 100%.mp4"), 3, 8);
        assertTrue(VideoFile.probe(file).frames() == 3);
    }
}
