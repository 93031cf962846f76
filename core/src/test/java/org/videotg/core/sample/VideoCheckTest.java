package org.videotg.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.VideoCheck.Kind;

class VideoCheckTest {
    @TempDir
    Path folder;

    private static VideoCheck check(int problems, int samples) {
        return new VideoCheck(
                samples,
                samples,
                IntStream.range(0, problems)
                        .mapToObj(i -> new VideoCheck.Problem(
                                Path.of("v" + i + ".mp4"), Kind.EMPTY, "v" + i + ".mp4 is empty", List.of("s" + i)))
                        .toList(),
                List.of(),
                Map.of());
    }

    @Test
    void whatContradictsTheAnnotationIsNotWhatIsRounded() {
        Sample sample = Sample.vtg("a", "a.mp4", 30.96, "q", List.of(new Interval(20, 31.5)));
        assertEquals(Optional.empty(), VideoCheck.mismatch(sample, 31));
        assertEquals(Optional.empty(), VideoCheck.mismatch(sample, 29.5), "within 5%");
        assertEquals(Optional.of(Kind.SHORTER), VideoCheck.mismatch(sample, 29.3));
        assertEquals(Optional.of(Kind.BEYOND), VideoCheck.mismatch(sample, 20));
        assertEquals(Optional.empty(), VideoCheck.mismatch(sample, 900), "longer is no problem");
        assertTrue(VideoCheck.differs(sample, 900));
        Sample tail = Sample.vtg("a", "a.mp4", 30.5, "q", List.of(new Interval(30.5, 31)));
        assertEquals(Optional.empty(), VideoCheck.mismatch(tail, 30.5), "an end that was rounded");
    }

    @Test
    void stoppingNamesTheFirstAndListsAll() {
        Path list = folder.resolve(VideoCheck.FILE);
        List<String> lines = new ArrayList<>();
        String few = assertThrows(InputException.class, () -> check(2, 3).decide(OnBadVideo.STOP, list, lines::add))
                .getMessage();
        assertTrue(few.startsWith("2 of 3 videos, of 2 of 3 samples, can't be used (2 empty); give whole files"), few);
        assertEquals(List.of("v0.mp4 is empty (sample \"s0\")", "v1.mp4 is empty (sample \"s1\")"), lines);
        assertTrue(Files.notExists(list), "all were printed");
        lines.clear();
        String many = assertThrows(InputException.class, () -> check(25, 30).decide(OnBadVideo.STOP, list, lines::add))
                .getMessage();
        assertTrue(many.contains(list + " lists them all"), many);
        assertEquals(List.of(21, "and 5 more"), List.of(lines.size(), lines.get(20)));
        assertEquals(25, Jsonl.read(list).size());
        assertEquals(
                "{\"id\":\"s24\",\"video\":\"v24.mp4\",\"kind\":\"empty\",\"problem\":\"v24.mp4 is empty\"}",
                Jsonl.read(list).get(24).node().toString());
    }

    @Test
    void skippingCountsListsAndLeavesSomething() {
        Path list = folder.resolve(VideoCheck.FILE);
        List<String> lines = new ArrayList<>();
        Map<String, String> skipped = check(1, 3).decide(OnBadVideo.SKIP, list, lines::add);
        assertEquals(Map.of("s0", "v0.mp4 is empty"), skipped);
        assertEquals(1, Jsonl.read(list).size());
        assertTrue(
                lines.get(1).startsWith("1 of 3 videos, of 1 of 3 samples, can't be used (1 empty): these"),
                lines.get(1));
        assertThrows(InputException.class, () -> check(3, 3).decide(OnBadVideo.SKIP, list, lines::add));
        assertEquals(Map.of(), check(0, 3).decide(OnBadVideo.STOP, list, lines::add));
    }
}
