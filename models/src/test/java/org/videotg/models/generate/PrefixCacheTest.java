package org.videotg.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.GridMask;
import org.videotg.models.ModelFolder;
import org.videotg.models.config.TextConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.nn.KvCache;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;

class PrefixCacheTest {
    private static final KvCache.Size SIZE = new KvCache.Size(5, 0, 0);

    @Test
    void thePrefixesUsedLongestAgoGo() {
        NativeRuntime.load();
        TextConfig config = ModelFolder.OpenSettings.read(
                        Path.of("..", "models", "small"), Optional.empty(), VideoOptions.DEFAULT)
                .config()
                .text();
        long one = KvCache.bytes(config, SIZE, torch.ScalarType.Float);
        assertEquals(2L * config.numLayers() * config.numKeyValueHeads() * config.headDim() * 5 * 4, one);
        try (PrefixCache cache = new PrefixCache(2 * one)) {
            for (String name : List.of("a", "b")) {
                cache.add(key(name), entry(config));
            }
            assertTrue(cache.find(key("a")).isPresent());
            cache.add(key("c"), entry(config));
            assertTrue(cache.find(key("a")).isPresent(), "used last");
            assertFalse(cache.find(key("b")).isPresent());
            assertTrue(cache.find(key("c")).isPresent());
            assertTrue(cache.holds(2 * one));
            assertFalse(cache.holds(2 * one + 1));
        }
    }

    private static PrefixCache.Key key(String video) {
        return new PrefixCache.Key(video, GridMask.none());
    }

    private static PrefixCache.Entry entry(TextConfig config) {
        return new PrefixCache.Entry(
                new SequenceBuilder().text(1, 2, 3, 4, 5).build(),
                new KvCache(config, SIZE, Device.CPU, torch.ScalarType.Float));
    }
}
