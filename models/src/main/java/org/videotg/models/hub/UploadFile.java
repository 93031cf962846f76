package org.videotg.models.hub;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.videotg.core.io.InputException;

/**
 * A file to send to a hub: one on the disk, or a text that was made for it.
 *
 * @param path in the repository, with slashes
 * @param size in bytes
 * @param text its contents, if they are not on the disk
 * @param source the file on the disk, else null
 */
public record UploadFile(String path, long size, Optional<String> text, Path source) {
    private static final int SAMPLE = 512;

    public UploadFile {
        if (!Arrays.stream(path.split("/", -1)).allMatch(HubFile::isSafe)) {
            throw new InputException("\"" + path + "\" can't be sent to a hub: its name has characters other than"
                    + " letters, digits, dot, hyphen and underscore; rename it");
        }
    }

    /** A file on the disk, as it is. */
    public static UploadFile of(String path, Path source) {
        try {
            return new UploadFile(path, Files.size(source), Optional.empty(), source);
        } catch (IOException e) {
            throw new InputException("can't read " + source + ": " + e.getMessage(), e);
        }
    }

    /** A text. */
    public static UploadFile of(String path, String text) {
        return new UploadFile(path, text.getBytes(StandardCharsets.UTF_8).length, Optional.of(text), null);
    }

    InputStream open() throws IOException {
        return text.isPresent()
                ? new ByteArrayInputStream(text.get().getBytes(StandardCharsets.UTF_8))
                : Files.newInputStream(source);
    }

    /** The first bytes, by which a hub tells text from binary. */
    byte[] sample() {
        try (InputStream in = open()) {
            return in.readNBytes(SAMPLE);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    byte[] bytes() {
        try (InputStream in = open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** SHA-256, by which large files are stored. */
    public String sha256() {
        try (InputStream in = open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw unreadable(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private InputException unreadable(IOException e) {
        return new InputException("can't read " + source + ": " + e.getMessage(), e);
    }
}
