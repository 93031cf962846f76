package org.videotg.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.tensor.Tensors;

class StepVideosTest {
    private static final VideoRef FIRST = VideoRef.whole(Path.of("first.mp4"));
    private static final VideoRef SECOND = VideoRef.whole(Path.of("second.mp4"));
    private static final float[] VALUES = {1, 2, 3, 4};

    private final List<VideoRef> decoded = new ArrayList<>();

    private StepVideos videos(long limit) {
        return new StepVideos(
                video -> {
                    decoded.add(video);
                    return new PatchedVideo(null, null, null, 1, 1, Tensors.floats(VALUES, VALUES.length));
                },
                limit);
    }

    /** Reads a video as a pass does, whose scope frees what it has made. */
    private static void read(StepVideos videos, VideoRef video, long step) {
        try (PointerScope scope = new PointerScope()) {
            assertArrayEquals(VALUES, Tensors.toFloats(videos.get(video, step).patches()));
        }
    }

    @Test
    void aVideoIsDecodedOnceInAStep() {
        try (StepVideos videos = videos(1 << 10)) {
            for (int pass = 0; pass < 3; pass++) {
                read(videos, FIRST, 1);
                read(videos, SECOND, 1);
            }
            read(videos, FIRST, 2);
        }
        assertEquals(List.of(FIRST, SECOND, FIRST), decoded);
    }

    @Test
    void whatDoesNotFitIsDecodedAgain() {
        try (StepVideos videos = videos(4L * VALUES.length)) {
            for (int pass = 0; pass < 2; pass++) {
                read(videos, FIRST, 1);
                read(videos, SECOND, 1);
            }
        }
        assertEquals(List.of(FIRST, SECOND, SECOND), decoded);
    }

    @Test
    void videosOfAnEarlierStepAreFreed() {
        long before = Pointer.totalCount();
        try (StepVideos videos = videos(1 << 10)) {
            for (int step = 0; step < 50; step++) {
                read(videos, FIRST, step);
            }
        }
        assertEquals(before, Pointer.totalCount());
    }
}
