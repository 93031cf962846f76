package org.videotg.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 fingerprints as 64 lower-case hex digits. */
public final class Sha256 {
    private static final int BLOCK = 1 << 20;
    private static final long STRIDE = 64L << 20;
    private static final long WHOLE = 64L << 20;

    private Sha256() {}

    /** Of the file's bytes, read in a stream. */
    public static String of(Path file) {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new InputException("can't read " + file + ": " + AtomicFiles.reason(e), e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of the text's UTF-8 bytes. */
    public static String of(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A fingerprint of files that may be many gigabytes: their sizes, all bytes of files up to 64 MiB, of larger ones 1
     * MiB in every 64.
     */
    public static String fingerprint(List<Path> files) {
        MessageDigest digest = digest();
        for (Path file : files) {
            sample(digest, file);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void sample(MessageDigest digest, Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long stride = size <= WHOLE ? BLOCK : STRIDE;
            digest.update(ByteBuffer.allocate(8).putLong(0, size));
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            for (long at = 0; at < size; at += stride) {
                block.clear();
                while (block.hasRemaining() && channel.read(block, at + block.position()) >= 0) {}

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
