package org.videotg.serving;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.web.WebSettings;

/**
 * How a model is served.
 *
 * @param name by which clients ask for the model
 * @param prompt phrases the questions of {@code /v1/ground}
 */
public record ServingSettings(
        WebSettings web, String name, PromptTemplate prompt, ModelLimits model, VideoSettings videos) {
    public ServingSettings {
        if (name.isBlank()) {
            throw new InputException("the name of a served model must not be empty");
        }
    }

    /**
     * What the model computes at most.
     *
     * @param tokens of all replies to a request together
     * @param requests that are answered in one batch; the others wait
     */
    public record ModelLimits(int tokens, int requests) {
        public ModelLimits {
            if (tokens < 1 || requests < 1) {
                throw new InputException("the most tokens of an answer and requests of a batch must be at least 1");
            }
        }
    }

    /**
     * Which videos requests may name, and how large they may be.
     *
     * @param root folder of the files that requests may name; none if empty
     * @param hosts from which videos are fetched, as {@code HOST} or {@code HOST:PORT}
     * @param privateHosts whether such a host may have an address of this machine or of a private network
     * @param folder in which uploaded videos lie while the server runs, in a folder of its own
     * @param features folder of vision features that is kept to the size allowed for uploads; empty if its size is
     *     somebody else's affair
     * @param limits of videos
     */
    public record VideoSettings(
            Optional<Path> root,
            Set<String> hosts,
            boolean privateHosts,
            Path folder,
            Optional<Path> features,
            VideoLimits limits) {
        public VideoSettings {
            hosts = Set.copyOf(hosts);
        }
    }

    /**
     * Limits of videos.
     *
     * @param bytes of an uploaded or fetched video
     * @param folderBytes of all uploaded and fetched videos; those used longest ago go
     * @param seconds of a video
     * @param pixels of a picture
     */
    public record VideoLimits(long bytes, long folderBytes, double seconds, long pixels) {
        /** 1 GiB a video, 10 GiB in all, 2 hours, pictures up to 4096 x 2304. */
        public static final VideoLimits DEFAULT = new VideoLimits(1L << 30, 10L << 30, 7200, 4096L * 2304);

        public VideoLimits {
            if (bytes < 1 || folderBytes < bytes || !(seconds > 0) || pixels < 1) {
                throw new InputException(
                        "limits of videos must be above 0, and that of all bytes at least that of one");
            }
        }
    }
}
