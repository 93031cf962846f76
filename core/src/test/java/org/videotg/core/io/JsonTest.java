package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @TempDir
    private Path folder;

    record Names(List<String> names) {
        Names {
            names = List.copyOf(names);
        }
    }

    @Test
    void aMissingFieldIsNoDefect() throws IOException {
        Path file = Files.writeString(folder.resolve("foreign.json"), "{\"other\":1}");
        String message = assertThrows(InputException.class, () -> Json.read(file, Names.class))
                .getMessage();
        assertEquals(file + ": a field is missing or null", message);
    }

    /** What a power failure leaves, and files of other programs. */
    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "\0\0\0\0", "null", "[]", "3", "\"text\"", "{\"a\":1", "{} {}", "<html>"})
    void whatIsNoObjectIsRefused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("state.json"), text);
        String message =
                assertThrows(InputException.class, () -> Json.read(file)).getMessage();
        assertTrue(message.contains(file.toString()), message);
    }
}
