package org.videotg.benchmarks.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;

class BadRowsTest {
    @TempDir
    Path folder;

    @Test
    void aBadLineIsNamedAndTheOthersAreKept() throws IOException {
        AnnotationFile file = read("AB1 1.0 7.5##a\nAB1 seven 8##b\nAB1 2 3##  \nAB1 7 8##c\n");
        assertEquals(
                List.of("AB1#0", "AB1#1"),
                file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                List.of(place(2), place(3)),
                file.bad().stream().map(FileRows.BadRow::where).toList());
        assertTrue(
                file.bad().get(0).problem().contains("\"AB1 seven 8##b\""),
                file.bad().toString());
    }

    @Test
    void aBadSentenceIsNamedByLineVideoAndNumber() throws IOException {
        AnnotationFile file = read("""
                {"v_x": {"duration": 9, "timestamps": [[1, 2], [1], [3, NaN], [4, 5]], "sentences": ["a", "b", "c", "d"]},

                 "v_y": {"duration": 0, "timestamps": [[1, 2]], "sentences": ["a"]},
                 "v_z": {"duration": 9, "timestamps": [[1, 2]], "sentences": []},
                 "v_x": {"duration": 9, "timestamps": [[1, 2]], "sentences": ["again"]}}""");
        assertEquals(
                List.of("v_x#0", "v_x#3"),
                file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                List.of(
                        place(5) + ": \"v_x\": this key occurs already in line 1",
                        place(1) + ": \"v_x\": \"timestamps\" 1 must be a pair [start, end], not [1]",
                        place(1) + ": \"v_x\": \"timestamps\" 2 must be a number, not NaN",
                        place(3) + ": \"v_y\": \"duration\" must be a positive number of seconds, not 0",
                        place(4) + ": \"v_z\": needs as many \"timestamps\" as \"sentences\", not 1 and 0"),
                file.bad().stream()
                        .map(FileRows.BadRow::toString)
                        .map(text -> text.replace("\"NaN\"", "NaN"))
                        .toList());
    }

    @Test
    void brokenAndRepeatedLinesOfJsonAreNamed() throws IOException {
        AnnotationFile file = read("""
                {"id": "a", "video": "a.mp4", "duration": 9, "query": "q", "intervals": [[1, 2]]}
                {"id": "b", "video":
                [1, 2]
                {"id": "a", "video": "a.mp4", "duration": 9, "query": "q", "intervals": [[1, 2]]}
                {"id": "c", "video": "a.mp4", "duration": "9", "query": "q", "intervals": [[1, 2]]}
                {"id": "d", "video": "a.mp4", "duration": 9, "query": "q", "intervals": []}
                """);
        assertEquals(
                List.of("a", "d"),
                file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                List.of(place(2), place(3), place(4), place(5)),
                file.bad().stream().map(FileRows.BadRow::where).sorted().toList());
        assertTrue(
                file.bad().stream().anyMatch(bad -> bad.problem().equals("id \"a\" is already used at " + place(1))));
        assertTrue(
                file.bad().stream()
                        .map(FileRows.BadRow::problem)
                        .anyMatch("\"duration\" must be a number of seconds, not \"9\""::equals),
                file.bad().toString());
    }

    @Test
    void aFieldThatStandsTwiceInARowIsNamed() throws IOException {
        String good =
                "{\"id\": \"%s\", \"video\": \"a.mp4\", \"duration\": 9, \"query\": \"q\", \"intervals\": [[1, 2]]%s}";
        List<String> rows = List.of(
                good.formatted("a", ""),
                good.formatted("b", ", \"duration\": 7"),
                good.formatted("c", ", \"x\": {\"y\": [{\"z\": 1, \"z\": 2}, {}]}"),
                good.formatted("d", ""));
        for (String text : List.of(String.join("\n", rows), "[" + String.join(",\n", rows) + "]")) {
            AnnotationFile file = read(text);
            assertEquals(
                    List.of("a", "d"),
                    file.annotations().stream().map(Annotation::id).toList());
            assertEquals(
                    List.of("not valid JSON (Duplicate field 'duration')", "not valid JSON (Duplicate field 'z')"),
                    file.bad().stream().map(FileRows.BadRow::problem).toList());
            assertTrue(
                    file.bad().get(1).where().startsWith(place(3)), file.bad().toString());
        }
        AnnotationFile keyed = read("""
                {"x": {"duration": 9, "timestamps": [[1, 2]], "duration": 8, "sentences": ["a"]},
                 "y": {"duration": 9, "timestamps": [[1, 2]], "sentences": ["a"]}}""");
        assertEquals(
                List.of("y#0"), keyed.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                place(1) + ": \"x\": not valid JSON (Duplicate field 'duration')",
                keyed.bad().get(0).toString());
    }

    @Test
    void halfACharacterIsNamed() throws IOException {
        String row =
                "{\"id\": \"%s\", \"video\": \"a.mp4\", \"duration\": 9, \"query\": \"%s\", \"intervals\": [[1, 2]]}\n";
        AnnotationFile file = read(row.formatted("a", "\\ud83d\\ude00")
                + row.formatted("b", "q\\uD83D q")
                + row.formatted("\\udc00", "q"));
        assertEquals(
                List.of("a"), file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                List.of(place(2), place(3)),
                file.bad().stream().map(FileRows.BadRow::where).toList());
        assertTrue(
                file.bad().get(0).problem().startsWith("text holds half of a surrogate pair"),
                file.bad().toString());
        assertTrue(message("[" + row.formatted("a", "\\udfff") + "]").contains("half of a surrogate pair"));
    }

    @Test
    void rowsOfAListAreNamedByLineAndNumber() throws IOException {
        AnnotationFile file = read("""
                [
                  {"qid": "a", "vid": "v", "duration": 9, "question": "?", "options": ["x", "y"], "span": [1, 2], "ans": "C"},
                  7,
                  {"qid": "b", "vid": "v", "duration": 9, "question": "?", "options": ["x", "y"], "span": [1, 2], "ans": "B"}
                ]""");
        assertEquals(
                List.of("b"), file.annotations().stream().map(Annotation::id).toList());
        assertEquals(
                List.of(
                        place(3) + ": row 2: a row must be a JSON object, not 7",
                        place(2) + ": row 1: \"ans\" must be the letter of one of the 2 options, not \"C\""),
                file.bad().stream().map(FileRows.BadRow::toString).toList());
    }

    @Test
    void rowsOfACsvAreNamedByTheLineWhereTheyBegin() throws IOException {
        String header = "\nvideo, qid ,question,answer,a0,a1\r\n";
        AnnotationFile file = read(header + "1,0,\"why,\n\"\"then\"\"\",1,p,q\n\n2,0,why,7,p,q\n3,0,why,p,p,q");
        assertEquals(
                List.of("why,\n\"then\"", "why"),
                file.annotations().stream().map(Annotation::query).toList());
        assertEquals(
                List.of(place(6) + ": \"answer\" must be the index or the text of one of its options, not \"7\""),
                file.bad().stream().map(FileRows.BadRow::toString).toList());
        assertTrue(
                message(header + "1,0,why,1,p,q\n2,0\n").startsWith(place(4) + ": 2 fields where the header names 6"));
        assertTrue(message(header + "1,0,why,1,p,q\n2,0,\"why,1,p,q\n3").startsWith(place(4) + ": not valid csv ("));
    }

    @Test
    void strictStopsAtTheFirstBadRow() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows"), "AB1 1.0 7.5##a\nAB1 seven 8##b\nAB1 2 3##\n");
        String message = assertThrows(
                        InputException.class,
                        () -> AnnotationFile.read(
                                rows, AnnotationFile.Settings.defaults().asStrict()))
                .getMessage();
        assertTrue(message.startsWith(place(2) + ": a row must be") && message.endsWith("(2 bad in all)"), message);
    }

    @Test
    void filesOfNoUseAreRefused() {
        assertTrue(message("id,start,end\n1,2,3\n").contains("not a known annotation format"));
        assertTrue(message("{}").contains("holds no row"));
        assertTrue(message("").endsWith("holds no row; give a file of annotations"));
        assertTrue(message("[".repeat(20_000) + "]".repeat(20_000)).contains(": not valid JSON ("));
        String huge = message("[{\"a\": 1},\n{\"a\": 1" + "0".repeat(2000) + "}]");
        assertEquals(
                place(2)
                        + ": not valid JSON (Number value length (2001) exceeds the maximum allowed (1000)); what follows "
                        + "can't be read",
                huge);
        assertEquals(folder.resolve("rows") + ": is not UTF-8 text; give a text file", message("A\0B\0 \0001\0\n\0"));
        assertTrue(message("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n")
                .contains("Git LFS"));
        assertTrue(message("[{\"a\": 1}]").contains("not a known annotation format"));
        assertTrue(message("AB1 seven 8##b\n")
                .contains("none of the rows can be read as charades-sta; the first: " + place(1)));
        assertTrue(message("[{\"video\": \"v\", \"sentence\": \"s\",\n \"timestamp\": [1, 2]}, {")
                .contains(place(2) + ": not valid JSON"));
        assertTrue(message("{\"1\": {\"duration\": 3, \"location\": {}}}").contains("holds no row"));
    }

    @Test
    void aNamedFormatMustFit() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows"), "AB1 1.0 7.5##a\n");
        String message = assertThrows(
                        InputException.class,
                        () -> AnnotationFile.read(
                                rows, AnnotationFile.Settings.defaults().withFormat("rextime")))
                .getMessage();
        assertTrue(message.contains("not of the format rextime, whose files are JSON objects"), message);
    }

    private String place(int line) {
        return folder.resolve("rows") + ":" + line;
    }

    private AnnotationFile read(String text) throws IOException {
        return AnnotationFile.read(Files.writeString(folder.resolve("rows"), text));
    }

    private String message(String text) {
        return assertThrows(InputException.class, () -> read(text)).getMessage();
    }
}
