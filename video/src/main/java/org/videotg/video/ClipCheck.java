package org.videotg.video;

import java.util.ArrayList;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.VideoRef;

/** Checks before a run begins that video files are long enough for their clips. */
public final class ClipCheck {
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
