package org.videotg.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.InputException;

/** The key of a server: from the environment or a file, so that it is on no command line and in no manifest. */
final class ApiKey {
    static final String VARIABLE = "VIDEOTG_API_KEY";
    static final String FILE_VARIABLE = "VIDEOTG_API_KEY_FILE";

    private ApiKey() {}

    /**
     * Reads {@value #VARIABLE}, else the file that {@value #FILE_VARIABLE} names.
     *
     * @throws InputException if the file can't be read, or the key has characters that no header may have
     */
    static Optional<String> of(Map<String, String> environment) {
        Optional<String> key = value(environment, VARIABLE)
                .or(() -> value(environment, FILE_VARIABLE).map(file -> read(Path.of(file))));
        key.ifPresent(text -> {
            if (!text.matches("[!-~]+")) {
                throw new InputException("the key in " + VARIABLE + " or " + FILE_VARIABLE
                        + " must be one word of ASCII characters; check it");
            }
        });
        return key;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new InputException(
                    "can't read the key in " + file + ", which " + FILE_VARIABLE + " names; check it", e);
        }
    }
}
