package org.videotg.video;

import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.VideoRef;

/** Checks before a run begins that video files can be read and are long enough for their clips. */
public final class ClipCheck {
    private static final int SHOWN = 20;

    private ClipCheck() {}

    /**
     * Opens every file of which only a part is used. Files that can't be read are skipped: decoding reports them.
     *
     * @return one line for every clip that lies outside its file
     */
    public static List<String> problems(List<VideoRef> videos) {
        List<String> problems = new ArrayList<>();
        for (VideoRef video : videos) {
            if (video.clip().isWhole()) {
                continue;
            }
            VideoFile file;
            try {
                file = VideoFile.open(video.file());
            } catch (InputException e) {
                continue;
            }
            try {
                FrameRange.of(file, video.clip());
            } catch (InputException e) {
                problems.add(e.getMessage());
            }
        }
        return problems;
    }

    /**
     * Opens every file.
     *
     * @return one line for every video that can't be read, whose index names pictures beyond the end of the file, or
     *     whose clip lies outside its file
     */
    public static List<String> unusable(List<VideoRef> videos) {
        List<String> problems = new ArrayList<>();
        Progress progress = Progress.logged("videos", videos.size());
        for (VideoRef video : videos) {
            try {
                VideoFile file = VideoFile.open(video.file());
                FrameRange.of(file, video.clip());
                if (file.framesCutOff() > 0) {
                    problems.add(video.file() + " breaks off: " + file.framesCutOff()
                            + " of its frames lie beyond its end; copy it again");
                }
            } catch (InputException e) {
                problems.add(e.getMessage());
            }
            progress.step("");
        }
        progress.finish("");
        return problems;
    }

    /**
     * Refuses videos that are {@link #unusable}.
     *
     * @throws InputException naming the first twenty, and how many more there are
     */
    public static void requireUsable(List<VideoRef> videos) {
        List<String> problems = unusable(videos);
        if (!problems.isEmpty()) {
            throw new InputException(
                    (problems.size() == 1 ? "" : problems.size() + " videos can't be used: ") + listed(problems));
        }
    }

    /** The first twenty problems, and how many more there are. */
    public static String listed(List<String> problems) {
        String first = String.join("; ", problems.subList(0, Math.min(SHOWN, problems.size())));
        return problems.size() > SHOWN ? first + "; and " + (problems.size() - SHOWN) + " more" : first;
    }

    /**
     * Refuses clips outside their files.
     *
     * @throws InputException naming how many there are and the first
     */
    public static void require(List<VideoRef> videos) {
        List<String> problems = problems(videos);
        if (!problems.isEmpty()) {
            throw new InputException(
                    problems.size() == 1
                            ? problems.get(0)
                            : problems.size() + " clips are not within their videos; the first: " + problems.get(0));
        }
    }
}
