package org.videotg.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.videotg.core.error.InputException;

/** Fingerprints, as lower-case hexadecimal SHA-256. */
public final class Hashes {
    private static final int BLOCK = 1 << 20;
    private static final long WHOLE = 64L << 20;

    private Hashes() {}

    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Of a whole file. */
    public static String sha256(Path file) {
        MessageDigest digest = digest();
        update(digest, file, 1);
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * A fingerprint of files that may be many gigabytes: their sizes, all bytes of files up to 64 MiB, of larger ones 1 MiB in
     * every 64.
     */
    public static String fingerprint(List<Path> files) {
        MessageDigest digest = digest();
        for (Path file : files) {
            update(digest, file, 64);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, Path file, int strideOfLargeFiles) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long stride = size <= WHOLE ? BLOCK : (long) BLOCK * strideOfLargeFiles;
            if (strideOfLargeFiles > 1) {
                digest.update(ByteBuffer.allocate(8).putLong(0, size));
            }
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            for (long at = 0; at < size; at += stride) {
                block.clear();
                while (block.hasRemaining() && channel.read(block, at + block.position()) >= 0) {
                    continue;
                }
                digest.update(block.flip());
            }
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + AtomicFiles.reason(e) + "; check the path", e);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
