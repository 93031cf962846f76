package org.videotg.models.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;

/**
 * One repository in the cache layout of huggingface_hub: {@code blobs/ETAG}, {@code refs/REVISION} (a text with the
 * commit) and {@code snapshots/COMMIT/FILE}, relative links to blobs, or copies where links are not possible.
 *
 * @param folder {@code models--organisation--name}
 * @param links whether snapshots may link to blobs
 */
record CachedRepository(Path folder, boolean links) {
    /** File locks exclude other processes only; these objects exclude other threads. */
    private static final Map<Path, Object> THREADS = new ConcurrentHashMap<>();

    static CachedRepository of(HubSettings settings, HubName name) {
        return new CachedRepository(
                settings.cache().toAbsolutePath().normalize().resolve(name.folder()), settings.links());
    }

    Path blob(String etag) {
        return folder.resolve("blobs").resolve(etag);
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** Returns the commit of a revision when it was last resolved. */
    Optional<String> commit(HubName name) {
        if (name.isCommit()) {
            return Optional.of(name.revision());
        }
        Path ref = folder.resolve("refs").resolve(name.revision());
        return Files.isRegularFile(ref)
                ? Optional.of(AtomicFiles.readString(ref).strip()).filter(HubName::isCommit)
                : Optional.empty();
    }

    void writeRef(HubName name, String commit) {
        // A correct reference is not written again, since the cache may be read-only.
        if (name.isCommit() || commit(name).equals(Optional.of(commit))) {
            return;
        }
        locked("ref-" + name.revision().replace("/", "--"), () -> {
            // Without a line end: huggingface_hub takes the whole text as the commit.
            AtomicFiles.writeString(folder.resolve("refs").resolve(name.revision()), commit);
            return null;
        });
    }

    /** Puts a blob into a snapshot under its file name. */
    void place(String commit, String file, String etag) {
        Path target = snapshot(commit).resolve(file);
        try {
            Files.createDirectories(target.getParent());
            if (Files.exists(target)) {
                return;
            }
            // A link whose blob is gone.
            Files.deleteIfExists(target);
            if (!links || !link(target, blob(etag))) {
                AtomicFiles.write(
                        target, temporary -> Files.copy(blob(etag), temporary, StandardCopyOption.REPLACE_EXISTING));
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static boolean link(Path target, Path blob) {
        try {
            Files.createSymbolicLink(target, target.getParent().relativize(blob));
            return true;
        } catch (FileAlreadyExistsException e) {
            return Files.exists(target);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Runs {@code work} while no other thread or process of this program does so for the same blob or reference. */
    <T> T locked(String what, Supplier<T> work) {
        Path file =
                folder.resolveSibling(".locks").resolve(folder.getFileName()).resolve(what + ".lock");
        synchronized (THREADS.computeIfAbsent(file, any -> new Object())) {
            FileChannel channel = open(file);
            try (channel;
                    FileLock lock = channel.lock()) {
                return work.get();
            } catch (IOException e) {
                throw unwritable(e);
            }
        }
    }

    private FileChannel open(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    InputException unwritable(IOException e) {
        return new InputException(
                "can't write to the model cache " + folder + ": " + e.getClass().getSimpleName() + " " + e.getMessage()
                        + "; set HF_HOME to a folder that can be written to",
                e);
    }
}
