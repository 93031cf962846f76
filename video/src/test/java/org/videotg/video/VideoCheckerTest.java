package org.videotg.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;

class VideoCheckerTest {
    @TempDir
    Path folder;

    private static Sample sample(String id, String video, double duration, double start) {
        return Sample.vtg(id, video, duration, "q", List.of(new Interval(start, start + 2)));
    }

    private VideoCheck check(boolean deep, Sample... samples) {
        return new VideoChecker(deep).check(folder.resolve("data.jsonl"), List.of(samples));
    }

    @Test
    void everyKindOfProblemIsFoundInOnePass() throws IOException {
        TestClips.constant(folder.resolve("good.mp4"), 60, 10);
        Files.createFile(folder.resolve("empty.mp4"));
        Files.writeString(folder.resolve("text.mp4"), "no video\n".repeat(50));
        Path cut = TestClips.constant(folder.resolve("cut.mp4"), 40, 8);
        TestClips.indexFirst(cut);
        TestClips.cut(cut, 0.8);
        VideoCheck check = check(
                false,
                sample("fine", "good.mp4", 6, 1),
                sample("beyond", "good.mp4", 60, 40),
                sample("beyond too", "good.mp4", 60, 41),
                sample("shorter", "good.mp4", 60, 1),
                sample("longer", "good.mp4", 3, 1),
                sample("clip", "good.mp4", 6, 1).withClip(new Clip(4, 10)),
                sample("missing", "none.mp4", 6, 1),
                sample("empty", "empty.mp4", 6, 1),
                sample("folder", ".", 6, 1),
                sample("text", "text.mp4", 6, 1),
                sample("cut", "cut.mp4", 5, 1));
        List<String> expected = List.of(
                "beyond good.mp4 ends at 6.00 s, but an annotated interval begins at 40.00 s (sample \"beyond\" and 1 more)",
                "shorter good.mp4 lasts 6.00 s, but 60.00 s are annotated (sample \"shorter\")",
                "clip good.mp4 from 4.00 s to 10.00 s, but the file ends at 6.00 s",
                "missing none.mp4 does not exist (sample \"missing\")",
                "empty empty.mp4 is empty (sample \"empty\")",
                "unreadable  is a folder",
                "unreadable text.mp4 is not a video",
                "truncated cut.mp4 breaks off: ");
        List<String> found = check.problems().stream()
                .map(problem -> problem.kind().id() + " "
                        + problem.line().replace(folder + "/", "").replace(folder.toString(), ""))
                .toList();
        assertEquals(expected.size(), found.size(), found.toString());
        for (int i = 0; i < found.size(); i++) {
            assertTrue(found.get(i).startsWith(expected.get(i)), found.get(i));
        }
        assertEquals(List.of("longer"), check.longer());
        assertEquals(11, check.samples());
        assertEquals(6, check.videos());
        assertEquals(9, check.unusable().size());
    }

    /** What only decoding tells: packets in the middle are zeros. */
    @Test
    void aDeepCheckFindsDamageInTheMiddle() throws IOException {
        Path file = TestClips.constant(folder.resolve("v.mp4"), 40, 8);
        byte[] bytes = Files.readAllBytes(file);
        int data = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mdat");
        int index = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("moov");
        int end = index > data ? index : bytes.length;
        Arrays.fill(bytes, data + (end - data) / 2, data + (end - data) * 3 / 4, (byte) 0);
        Files.write(folder.resolve("damaged.mp4"), bytes);
        Sample whole = sample("whole", "v.mp4", 5, 1);
        Sample damaged = sample("damaged", "damaged.mp4", 5, 1);
        assertEquals(List.of(), check(false, whole, damaged).problems());
        VideoCheck deep = check(true, whole, damaged);
        assertEquals(1, deep.problems().size());
        assertEquals(VideoCheck.Kind.DAMAGED, deep.problems().get(0).kind());
        assertEquals(List.of("damaged"), deep.problems().get(0).samples());
    }

    /** A file that many samples name is opened once, and files on all processors give what they give one by one. */
    @Test
    void manyFilesGiveWhatEachGives() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 210; i++) {
            Path file = folder.resolve("v" + i + ".mp4");
            if (i < 3) {
                TestClips.constant(file, 20 + i, 10);
            } else if (i % 10 != 0) {
                Files.copy(folder.resolve("v" + i % 3 + ".mp4"), file);
            }
            samples.add(sample("s" + i, "v" + i + ".mp4", 2, 0));
        }
        VideoCheck all = check(false, samples.toArray(Sample[]::new));
        List<VideoCheck.Problem> single = samples.stream()
                .flatMap(sample -> check(false, sample).problems().stream())
                .toList();
        assertEquals(single, all.problems());
        assertEquals(20, single.size());
        assertEquals(Map.of(), check(false, samples.get(1)).unusable());
    }
}
