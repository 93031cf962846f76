package org.videotg.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.OutputException;
import org.videotg.serving.ServingSettings.VideoLimits;
import org.videotg.web.WebException;

/**
 * Uploaded and fetched videos, in a folder that is removed with the server. A video lies at {@code ID/NAME}, with the
 * SHA-256 of its bytes as its id, so that the same video is stored, and its features are computed, once. When the
 * folder is full, the videos that were used longest ago go, but none that is in use.
 */
final class VideoStore implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_NAME_BYTES = 200;
    /** A video has few names; a client that gives it ever new ones would fill the folder. */
    private static final int MAX_NAMES = 100;

    private static final int BUFFER = 64 << 10;

    private final Path folder;
    private final VideoLimits limits;
    private final Map<String, Entry> videos = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicLong arrivals = new AtomicLong();
    /** Bytes of the videos that are stored or arrive. */
    private long bytes;

    private static final class Entry {
        private final long bytes;
        private int uses;
        private int names;

        Entry(long bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * A stored video that stays until it is closed.
     *
     * @param id SHA-256 of its bytes
     */
    record Use(VideoStore store, String id, String name, long bytes) implements AutoCloseable {
        Path file() {
            return store.folder.resolve(id).resolve(name);
        }

        @Override
        public void close() {
            store.release(id);
        }
    }

    VideoStore(Path parent, VideoLimits limits) {
        this.folder = AtomicFiles.temporaryFolder(parent, "videos");
        this.limits = limits;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Returns the folder of the videos and of the files that belong to them. */
    Path folder() {
        return folder;
    }

    /**
     * Checks the name of a video, which becomes that of a file.
     *
     * @throws WebException (400) if it could be anything but a plain name
     */
    static String checkName(String name) {
        if (name.isBlank()
                || name.startsWith(".")
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES
                || name.chars().anyMatch(c -> c < ' ' || c == 127 || "/\\:*?\"<>|".indexOf(c) >= 0)
                || !name.equals(name.strip())) {
            throw WebException.parameter(
                    "name", "the name of a video must be a plain file name of at most " + MAX_NAME_BYTES + " bytes");
        }
        return name;
    }

    /**
     * Stores a video.
     *
     * @throws WebException (413) if it is too long, (503) if the folder is full
     * @throws IOException if the bytes can't be read to their end
     */
    Use add(InputStream in, String name) throws IOException {
        checkName(name);
        Path arriving = folder.resolve("arriving-" + arrivals.incrementAndGet());
        long[] reserved = {0};
        try {
            MessageDigest digest = sha256();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(arriving), digest)) {
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (reserved[0] + n > limits.bytes()) {
                        throw WebException.of(
                                413, "video_too_long", "a video has at most " + limits.bytes() + " bytes");
                    }
                    reserve(n);
                    reserved[0] += n;
                    out.write(buffer, 0, n);
                }
            }
            return keep(arriving, HexFormat.of().formatHex(digest.digest()), name, reserved);
        } finally {
            release(reserved[0]);
            AtomicFiles.deleteTree(arriving);
        }
    }

    private synchronized void reserve(long more) {
        for (Iterator<Map.Entry<String, Entry>> oldest = videos.entrySet().iterator();
                bytes + more > limits.folderBytes() && oldest.hasNext(); ) {
            Map.Entry<String, Entry> entry = oldest.next();
            if (entry.getValue().uses == 0) {
                AtomicFiles.deleteTree(folder.resolve(entry.getKey()));
                bytes -= entry.getValue().bytes;
                oldest.remove();
            }
        }
        if (bytes + more > limits.folderBytes()) {
            throw WebException.busy("the folder of videos is full; try again", Duration.ofSeconds(5));
        }
        bytes += more;
    }

    private synchronized void release(long reserved) {
        bytes -= reserved;
    }

    private synchronized void release(String id) {
        videos.get(id).uses--;
    }

    private synchronized Use keep(Path arriving, String id, String name, long[] reserved) throws IOException {
        Entry entry = videos.get(id);
        long length = reserved[0];
        if (entry == null) {
            Files.createDirectories(folder.resolve(id));
            AtomicFiles.move(arriving, folder.resolve(id).resolve(name));
            entry = new Entry(length);
            videos.put(id, entry);
            reserved[0] = 0;
        }
        link(id, name, entry);
        entry.uses++;
        return new Use(this, id, name, length);
    }

    /** Returns a stored video under a name, for use. */
    synchronized Optional<Use> find(String id, String name) {
        checkName(name);
        Entry entry = ID.matcher(id).matches() ? videos.get(id) : null;
        if (entry == null) {
            return Optional.empty();
        }
        link(id, name, entry);
        entry.uses++;
        return Optional.of(new Use(this, id, name, entry.bytes));
    }

    /** Gives a stored video a further name. */
    private void link(String id, String name, Entry entry) {
        Path wanted = folder.resolve(id).resolve(name);
        if (Files.exists(wanted)) {
            return;
        }
        if (++entry.names > MAX_NAMES) {
            throw WebException.parameter("name", "this video was given more than " + MAX_NAMES + " names");
        }
        try (var names = Files.list(folder.resolve(id))) {
            Files.createLink(wanted, names.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new OutputException("can't give a video a name in " + folder + "; check the folder", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        AtomicFiles.deleteTree(folder);
    }
}
