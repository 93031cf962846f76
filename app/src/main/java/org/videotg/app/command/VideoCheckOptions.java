package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoCheck;
import org.videotg.video.VideoChecker;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the check of videos with which commands begin. */
final class VideoCheckOptions {
    private static final Logger LOG = LoggerFactory.getLogger(VideoCheckOptions.class);

    @Option(
            names = "--on-bad-video",
            paramLabel = "WHAT",
            defaultValue = "stop",
            completionCandidates = Choices.class,
            description =
                    "what to do if the check finds videos that are missing, empty, unreadable, truncated or other "
                            + "than annotated: stop, or skip their samples; default: ${DEFAULT-VALUE}")
    private OnBadVideo choice;

    @Mixin
    private DeepOption deep;

    /**
     * Checks samples.
     *
     * @param list file that lists what is wrong
     * @return the samples to skip, by id, with the reason
     * @throws org.videotg.core.io.InputException if something is wrong and nothing is to be skipped
     */
    Map<String, String> check(Path data, List<Sample> samples, Path list) {
        return new VideoChecker(deep.orElse(false)).check(data, samples).decide(choice, list, LOG::warn);
    }

    /** Whether a sample may fail without making the command fail. */
    boolean skips() {
        return choice == OnBadVideo.SKIP;
    }

    /** Where the bad videos are listed, beside a file that is written. */
    static Path beside(Path out) {
        return out.resolveSibling(out.getFileName() + "." + VideoCheck.FILE);
    }

    /** Names for the help text. */
    private static final class Choices extends ArrayList<String> {
        Choices() {
            super(Arrays.stream(OnBadVideo.values()).map(OnBadVideo::id).toList());
        }
    }
}
