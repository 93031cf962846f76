package org.videotg.app.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

class HeldOutTest {
    @Test
    void noVideoIsInBothParts() {
        HeldOut split = HeldOut.of(samples("", 100), 0.2);
        Set<String> kept = videos(split.kept());
        Set<String> held = videos(split.held());
        assertEquals(20, held.size());
        assertEquals(80, kept.size());
        assertTrue(held.stream().noneMatch(kept::contains));
        assertEquals(200, split.kept().size() + split.held().size(), "two samples a video, none lost");
    }

    @Test
    void theSameVideosAreHeldOutWhereverTheyLie() {
        assertEquals(
                videos(HeldOut.of(samples("", 50), 0.2).held()),
                videos(HeldOut.of(samples("elsewhere/", 50), 0.2).held()).stream()
                        .map(video -> video.replace("elsewhere/", ""))
                        .collect(Collectors.toSet()));
    }

    @Test
    void eachPartHasAVideo() {
        assertEquals(1, videos(HeldOut.of(samples("", 3), 0.01).held()).size());
        assertEquals(1, videos(HeldOut.of(samples("", 3), 0.99).kept()).size());
        assertTrue(HeldOut.of(samples("", 1), 0).held().isEmpty());
        assertThrows(InputException.class, () -> HeldOut.of(samples("", 1), 0.5));
        assertThrows(InputException.class, () -> HeldOut.of(samples("", 3), 1));
    }

    private static List<Sample> samples(String folder, int videos) {
        return IntStream.range(0, 2 * videos)
                .mapToObj(i -> Sample.vtg("s" + i, folder + "v" + i / 2 + ".mp4", 10, "q", List.of(new Interval(1, 2))))
                .toList();
    }

    private static Set<String> videos(List<Sample> samples) {
        return samples.stream().map(Sample::video).collect(Collectors.toSet());
    }
}
