package org.videotg.app.doctor;

import java.nio.file.Path;
import org.videotg.core.run.NativeSettings;

/**
 * Where this program lies. The launcher says it by the system property {@value #HOME}; without it, it is the working
 * directory.
 *
 * @param home folder with {@code models/} and {@code recipes/}
 * @param cache folder of what may be deleted at any time: {@code VIDEOTG_CACHE}, or {@code ~/.cache/videotg}
 */
public record Installation(Path home, Path cache) {
    /** Names the installation's folder. */
    public static final String HOME = "videotg.home";
    /** Names the cache's folder, before the environment does. */
    public static final String CACHE = "videotg.cache";

    public static Installation current() {
        String cache = System.getProperty(CACHE);
        return new Installation(
                Path.of(System.getProperty(HOME, "")).toAbsolutePath().normalize(),
                cache == null || cache.isBlank()
                        ? NativeSettings.cache()
                        : Path.of(cache).toAbsolutePath());
    }

    /** The checkpoint that comes with the program. */
    public Path embeddedModel() {
        return home.resolve("models").resolve("small");
    }

    public Path recipes() {
        return home.resolve("recipes");
    }

    /** Cached vision features of commands that were given no folder for them. */
    public Path features() {
        return cache.resolve("features");
    }

    /** Copies of videos that browsers can't play, for the review. */
    public Path browserCopies() {
        return cache.resolve("review");
    }
}
