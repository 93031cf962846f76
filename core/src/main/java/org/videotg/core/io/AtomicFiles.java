package org.videotg.core.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.videotg.core.error.InputException;

/** Files that are written to a temporary name beside their place and then moved, so a reader never meets half of one. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** What fills the temporary file. */
    @FunctionalInterface
    public interface Writer {
        void write(Path temporary) throws IOException;
    }

    public static void write(Path target, Writer writer) {
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".partial");
        try {
            Files.createDirectories(absolute.getParent());
            writer.write(temporary);
            try {
                Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw new InputException("can't write " + target + ": " + reason(e) + "; check the folder and free space", e);
        }
    }

    public static void writeString(Path target, String text) {
        write(target, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }

    public static String readString(Path file) {
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(file + " does not exist; check the path", e);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new InputException(file + " is not UTF-8 text; give a text file", e);
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + reason(e), e);
        }
    }

    static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "")
                + (e.getMessage() == null ? "" : " (" + e.getMessage().lines().findFirst().orElse("") + ")");
    }

}
