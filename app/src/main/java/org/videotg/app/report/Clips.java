package org.videotg.app.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.VideoCopy;
import org.videotg.video.VideoFile;

/** Small copies of the shown videos: within the page, or files beside it where they are large. */
final class Clips {
    /** Folder beside the page. */
    static final String FOLDER = "clips";

    private static final long LARGEST_WITHIN = 512 * 1024;
    private static final double LONGEST_SECONDS = 180;

    private final Path folder;
    private int made;
    private boolean files;

    /**
     * A maker of copies.
     *
     * @param folder of large ones, which the page finds by the name {@value #FOLDER}
     */
    Clips(Path folder) {
        this.folder = folder;
    }

    /** Whether there are large copies, which lie in the folder. */
    boolean hasFiles() {
        return files;
    }

    /**
     * Makes a copy.
     *
     * @param duration seconds of the clip
     * @return its address for the page
     * @throws InputException if the video can't be read, or is longer than {@value #LONGEST_SECONDS} s
     */
    String source(VideoRef video, double duration) {
        if (duration > LONGEST_SECONDS) {
            throw new InputException("it is longer than " + (int) LONGEST_SECONDS + " s; ./videotg review plays it");
        }
        Path copy = folder.resolve(++made + ".mp4");
        VideoCopy.preview(VideoFile.open(video.file()), video.clip(), copy);
        try {
            if (Files.size(copy) > LARGEST_WITHIN) {
                files = true;
                return FOLDER + "/" + copy.getFileName();
            }
            String within = Base64.getEncoder().encodeToString(Files.readAllBytes(copy));
            Files.delete(copy);
            return "data:video/mp4;base64," + within;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
