package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class LimitTest {
    @TempDir
    Path folder;

    @Test
    void eachLimitIsNamedWithWhatRaisesIt() throws Exception {
        Path rows = folder.resolve("rows.jsonl");
        Files.writeString(rows, "{\"id\":\"a\"}\n{\"id\":\"" + "x".repeat(17 << 20) + "\"}\n");
        refused("rowCharacters", rows + ":2", () -> Jsonl.read(rows));
        refused("textCharacters", "f", () -> Json.parse("\"" + "x".repeat(5 << 20) + "\"", "f"));
        refused("depth", "f", () -> Json.parse("[".repeat(300) + "]".repeat(300), "f"));
        refused("yamlCharacters", "f", () -> Yaml.parse("a: " + "x".repeat(4 << 20), "f"));
        assertTrue(assertThrows(InputException.class, () -> Yaml.parse("[".repeat(100), "f"))
                .getMessage()
                .startsWith("f: not valid yaml ("));
    }

    /** A row beyond a limit is whole: it must not be taken for what a power failure leaves. */
    @Test
    void theLastRowOfALogIsNotCutOffForItsLength() throws Exception {
        Path log = folder.resolve("log.jsonl");
        Files.writeString(log, "{\"id\":\"a\"}\n{\"id\":\"" + "x".repeat(5 << 20) + "\"}");
        long size = Files.size(log);
        refused("textCharacters", log + ":2", () -> JsonlLog.open(log));
        assertTrue(Files.size(log) >= size);
    }

    @Test
    void aPropertyRaisesALimit() {
        System.setProperty("videotg.limit.picturePixels", "100000000");
        try {
            Limit.PICTURE_PIXELS.check(90_000_000, "v.mp4");
        } finally {
            System.clearProperty("videotg.limit.picturePixels");
        }
        refused("picturePixels", "v.mp4", () -> Limit.PICTURE_PIXELS.check(90_000_000, "v.mp4"));
        assertEquals(8192 * 8192, Limit.PICTURE_PIXELS.value());
    }

    @Test
    void aPropertyThatSetsNoLimitIsRefused() {
        for (String[] property : new String[][] {{"picturePixel", "100"}, {"picturePixels", "1e9"}, {"depth", "0"}}) {
            String name = "videotg.limit." + property[0];
            System.setProperty(name, property[1]);
            try {
                String message = assertThrows(InputException.class, Limit::checkProperties)
                        .getMessage();
                assertTrue(message.startsWith("-D" + name + "=" + property[1] + ": "), message);
            } finally {
                System.clearProperty(name);
            }
        }
        Limit.checkProperties();
    }

    private static void refused(String limit, String where, Executable action) {
        String message = assertThrows(InputException.class, action).getMessage();
        assertTrue(message.startsWith(where), message);
        assertTrue(message.contains("-Dvideotg.limit." + limit + "=N"), message);
    }
}
