package org.videotg.core.sample;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What is watched: a video file, or a clip of it.
 *
 * @param file where it lies
 */
public record VideoRef(Path file, Clip clip) {
    public VideoRef {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(clip, "clip");
    }

    public static VideoRef whole(Path file) {
        return new VideoRef(file, Clip.WHOLE);
    }

    /** What names it wherever the file's folder lies: the file's name, and the clip if it is one. */
    public String name() {
        return file.getFileName() + (clip.isWhole() ? "" : "#" + clip.start() + "-" + clip.end());
    }

    /** The file, and the clip if it is one. */
    @Override
    public String toString() {
        return clip.isWhole() ? file.toString() : file + " " + clip;
    }
}
