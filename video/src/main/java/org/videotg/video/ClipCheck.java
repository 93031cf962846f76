package org.videotg.video;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.VideoRef;

/** Whether video files hold the clips that are asked for, found out before a run begins rather than in its middle. */
public final class ClipCheck {
    private ClipCheck() {}

    /**
     * Looks into every file of which a clip is wanted. Files that can't be read are left to whoever reads them.
     *
     * @return one line for every clip that its file does not hold
     */
    public static List<String> problems(List<VideoRef> videos) {
        Map<Path, VideoFile> files = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (VideoRef video : videos) {
            if (video.clip().isWhole()) {
                continue;
            }
            VideoFile file;
            try {
                file = files.computeIfAbsent(video.file(), VideoFile::open);
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
     * @throws InputException if a file does not hold its clip, naming how many and the first
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
