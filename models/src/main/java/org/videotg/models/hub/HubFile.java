package org.videotg.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.videotg.core.io.InputException;
import org.videotg.models.safetensors.SafetensorsFile;

/**
 * A file of a repository at one commit.
 *
 * @param name its path in the repository
 * @param etag its checksum on the hub: SHA-256 of a large file, git's SHA-1 of a small one
 * @param size in bytes
 */
record HubFile(String name, String etag, long size) {
    private static final long LARGE = 64L << 20;
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GIT_SHA1 = Pattern.compile("[0-9a-f]{40}");

    HubFile {
        // Both become file names, which must not lead out of the cache.
        if (!Arrays.stream(name.split("/", -1)).allMatch(HubFile::isSafe) || !isSafe(etag) || size < 0) {
            throw new InputException("the hub describes a file in a way that can't be used: name \"" + name
                    + "\", etag \"" + etag + "\", " + size + " bytes; check HF_ENDPOINT");
        }
    }

    static boolean isSafe(String name) {
        return SAFE.matcher(name).matches();
    }

    /**
     * Returns whether a cached file is there and whole, as far as that can be told without reading gigabytes: large
     * weights have the size that their header says; other files are not empty and, where their blob is named by a
     * checksum, have it.
     */
    static boolean isSound(Path cached) {
        try {
            Path blob = cached.toRealPath();
            long size = Files.size(blob);
            if (size > LARGE && cached.toString().endsWith(".safetensors")) {
                SafetensorsFile.open(blob).close();
                return true;
            }
            String etag = blob.getFileName().toString();
            return size > 0 && (!isSafe(etag) || new HubFile(etag, etag, size).matches(blob));
        } catch (IOException | InputException e) {
            return false;
        }
    }

    /** Returns whether a file has this size and, if the etag is a checksum, these contents. */
    boolean matches(Path file) {
        try {
            if (Files.size(file) != size) {
                return false;
            }
            if (SHA256.matcher(etag).matches()) {
                return digest("SHA-256", file, "").equals(etag);
            }
            return !GIT_SHA1.matcher(etag).matches()
                    || digest("SHA-1", file, "blob " + size + "\0").equals(etag);
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String digest(String algorithm, Path file, String before) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(before.getBytes(StandardCharsets.US_ASCII));
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
