package org.videotg.core.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.error.InputException;
import org.videotg.core.interval.Interval;

class AnnotationFormatTest {
    private static final Path REAL = Path.of("../../shared/data/videos");

    @TempDir
    Path folder;

    @Test
    void charadesRowsAreNumberedByVideo() throws IOException {
        List<Annotation> rows = read("AB1 1.0 7.5##a person sits.\n\nCD2 0 3##someone waves\nAB1 24.3 30.4##person ## twice.\n");
        assertEquals(List.of("AB1#0", "CD2#0", "AB1#1"), rows.stream().map(Annotation::id).toList());
        assertEquals(new Annotation("AB1#1", "AB1", OptionalDouble.empty(), "person ## twice.", new Interval(24.3, 30.4)),
                rows.get(2));
    }

    @Test
    void jsonKeyedByVideoGivesDurationAndStrippedSentences() throws IOException {
        List<Annotation> rows = read("""
                {"v_x": {"duration": 12.5, "timestamps": [[0, 7.34], [9, 2]], "sentences": ["One.", " Two."]}}""");
        assertEquals(2, rows.size());
        assertEquals(new Annotation("v_x#1", "v_x", OptionalDouble.of(12.5), "Two.", new Interval(9, 2)), rows.get(1));
    }

    @Test
    void badRowsAreNamed() {
        assertTrue(message("AB1 1.0 7.5##a\nAB1 seven 8##b\n").contains(":2:"));
        assertTrue(message("AB1 1.0 7.5##a\nAB1 7 8##  \n").contains(":2:"));
        assertTrue(message("{\"v_x\": {\"duration\": 0, \"timestamps\": [], \"sentences\": []}}").contains("\"v_x\""));
        assertTrue(message("{\"v_x\": {\"duration\": 3, \"timestamps\": [[1]], \"sentences\": [\"a\"]}}")
                .contains("timestamp 0"));
        assertTrue(message("id,start,end\n1,2,3\n").contains("not a known annotation format"));
        assertTrue(message("{}").contains("not a known annotation format"));
    }

    @Test
    void realRowsAreRead() {
        Assumptions.assumeTrue(Files.isDirectory(REAL), "skipped: " + REAL + " is not here");
        assertEquals(10, AnnotationFormat.read(REAL.resolve("charades_sta.txt")).size());
        assertEquals(163.05, AnnotationFormat.read(REAL.resolve("activitynet.json")).get(0).duration().getAsDouble());
    }

    private List<Annotation> read(String text) throws IOException {
        return AnnotationFormat.read(Files.writeString(folder.resolve("rows"), text));
    }

    private String message(String text) {
        return assertThrows(InputException.class, () -> read(text)).getMessage();
    }
}
