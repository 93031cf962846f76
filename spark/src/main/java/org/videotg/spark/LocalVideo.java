package org.videotg.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;

/**
 * The video of a sample as a file of this machine: itself if it lies in the local file system, else a copy that is
 * deleted when it is closed, so that there are as many as samples in flight.
 *
 * @param file of this machine; not there if the video does not exist
 * @param copies folder that is deleted; empty if it is no copy
 * @param original what messages call it
 */
record LocalVideo(Path file, Optional<Path> copies, String original) implements AutoCloseable {
    /**
     * Copies a video, if that is needed.
     *
     * @throws UncheckedIOException if it is there and can't be read, so that the task is tried again
     */
    static LocalVideo of(String data, Sample sample) {
        org.apache.hadoop.fs.Path remote = remote(data, sample);
        try {
            FileSystem system = remote.getFileSystem(JobFiles.configuration());
            if (system.getScheme().equals("file")) {
                Path local = Path.of(remote.toUri().getPath());
                return new LocalVideo(local, Optional.empty(), local.toString());
            }
            Path folder = JobFiles.temporary("video");
            LocalVideo copy = new LocalVideo(folder.resolve(remote.getName()), Optional.of(folder), remote.toString());
            boolean copied = false;
            try {
                system.copyToLocalFile(
                        false, remote, new org.apache.hadoop.fs.Path(copy.file().toUri()), true);
                copied = true;
            } catch (FileNotFoundException e) {
                // The check of the video says so.
                copied = true;
            } finally {
                if (!copied) {
                    copy.close();
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a sample's video lies: a relative path begins in the folder of the data. */
    static org.apache.hadoop.fs.Path remote(String data, Sample sample) {
        org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(data).getParent();
        return folder == null
                ? new org.apache.hadoop.fs.Path(sample.video())
                : new org.apache.hadoop.fs.Path(folder, sample.video());
    }

    VideoRef ref(Sample sample) {
        return new VideoRef(file, sample.clip());
    }

    /** A message about the copy as one about the original. */
    String named(String message) {
        return message.replace(file.toString(), original);
    }

    @Override
    public void close() {
        copies.ifPresent(AtomicFiles::deleteTree);
    }
}
