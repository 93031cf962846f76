package org.videotg.models.preprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.tensor.NativeRuntime;

class VideosAheadTest {
    private static final List<VideoRef> VIDEOS = IntStream.range(0, 12)
            .mapToObj(i -> VideoRef.whole(Path.of(String.valueOf(i))))
            .toList();

    private final AtomicInteger loaded = new AtomicInteger();

    /** A video whose height is its number; every fifth is broken. */
    private PatchedVideo load(VideoRef video) {
        loaded.incrementAndGet();
        int number = Integer.parseInt(video.file().toString());
        if (number % 5 == 3) {
            throw new InputException("video " + number + " is broken");
        }
        return new PatchedVideo(null, null, null, number, 1, torch.full(new long[] {3}, new Scalar(number)));
    }

    @Test
    void videosComeInTheirOrderAndAtMostSoManyWait() {
        NativeRuntime.load();
        for (int threads : new int[] {0, 1, 3}) {
            loaded.set(0);
            try (VideosAhead ahead = new VideosAhead(this::load, VIDEOS, threads)) {
                for (int i = 0; i < VIDEOS.size(); i++) {
                    try (PointerScope scope = new PointerScope()) {
                        if (i % 5 == 3) {
                            InputException broken = assertThrows(InputException.class, ahead::next);
                            assertEquals("video " + i + " is broken", broken.getMessage());
                        } else {
                            PatchedVideo video = ahead.next();
                            assertEquals(i, video.height());
                            assertEquals(3.0 * i, video.patches().sum().item_double());
                        }
                        assertTrue(loaded.get() <= i + 1 + threads, loaded + " were decoded when " + i + " was used");
                    }
                }
            }
            assertEquals(VIDEOS.size(), loaded.get());
        }
    }

    @Test
    void whatWasNotAskedForIsFreed() {
        NativeRuntime.load();
        Tensor[] made = new Tensor[VIDEOS.size()];
        VideosAhead ahead = new VideosAhead(
                video -> {
                    PatchedVideo patched = load(video);
                    made[patched.height()] = patched.patches();
                    return patched;
                },
                VIDEOS,
                2);
        try (PointerScope scope = new PointerScope()) {
            ahead.next();
        }
        ahead.close();
        assertTrue(made[0].isNull(), "used");
        assertTrue(made[1].isNull() && made[2].isNull(), "decoded in vain");
    }
}
