package org.videotg.model.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.Json;
import org.videotg.model.config.QwenVlConfig;
import org.videotg.model.safetensors.SafetensorsFile;
import org.videotg.model.tensor.NativeRuntime;
import org.videotg.model.tensor.Tensors;

class SequenceBuilderTest {
    private static final Path ROOT = Path.of("src/test/resources/golden/qwen3vl");

    @ParameterizedTest
    @CsvSource({"a,case1", "a,case2", "a,case3", "a,case4", "b,case1", "b,case2", "b,case3", "b,case4"})
    void positionsAreThoseOfTheReference(String checkpoint, String test) {
        NativeRuntime.load();
        QwenVlConfig config = QwenVlConfig.read(ROOT.resolve(checkpoint + "/checkpoint/config.json"));
        JsonNode described = Json.read(ROOT.resolve(checkpoint + "/cases.json")).path("cases").path(test);
        int merge = config.vision().spatialMergeSize();
        SequenceBuilder builder = new SequenceBuilder();
        JsonNode ids = described.path("inputIds");
        int video = 0;
        int grid = 0;
        for (int i = 0; i < ids.size(); ) {
            if (ids.get(i).asInt() != config.videoTokenId()) {
                builder.text(ids.get(i++).asInt());
                continue;
            }
            JsonNode thw = described.path("videoGridThw").get(video);
            int height = thw.get(1).asInt() / merge;
            int width = thw.get(2).asInt() / merge;
            builder.grid(config.videoTokenId(), height, width);
            i += height * width;
            if (++grid == thw.get(0).asInt()) {
                grid = 0;
                video++;
            }
        }
        Prefix built = builder.build();
        try (PointerScope scope = new PointerScope(); SafetensorsFile cases = SafetensorsFile.open(ROOT.resolve(checkpoint + "/cases.safetensors"))) {
            for (int axis = 0; axis < 3; axis++) {
                assertArrayEquals(Tensors.toLongs(cases.tensor(test + ".position_ids").select(0, axis)), built.positions()[axis]);
            }
        }
    }

    @Test
    void whatFollowsAGridStartsBehindItsLargerSide() {
        Prefix prefix = new SequenceBuilder().text(1, 1).grid(9, 2, 3).text(1).build();
        assertArrayEquals(new long[] {0, 1, 2, 2, 2, 2, 2, 2, 5}, prefix.positions()[0]);
        assertArrayEquals(new long[] {0, 1, 2, 2, 2, 3, 3, 3, 5}, prefix.positions()[1]);
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 2, 3, 4, 5}, prefix.positions()[2]);
        assertArrayEquals(new int[] {2, 3, 4, 5, 6, 7}, prefix.visualSlots());
        assertEquals(6, prefix.next());
    }

    @Test
    void suffixesAllStartWhereThePrefixEnds() {
        Prefix prefix = new SequenceBuilder().text(1, 2, 3).build();
        PackedRow row = new PackedRow(prefix, java.util.List.of(new int[] {4, 5}, new int[] {6}));
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, row.ids());
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 3}, row.positions()[2]);
        assertArrayEquals(new int[] {2, 3}, row.predictors(0));
        assertArrayEquals(new int[] {2}, row.predictors(1));
    }
}
