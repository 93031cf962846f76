package org.videotg.train;

import java.nio.file.Path;
import java.util.Random;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.random.Draw;
import org.videotg.model.QwenVl;
import org.videotg.model.checkpoint.Parameters;
import org.videotg.model.checkpoint.WeightFiles;
import org.videotg.model.config.QwenVlConfig;
import org.videotg.model.sequence.PackedRow;
import org.videotg.model.sequence.Prefix;
import org.videotg.model.sequence.SequenceBuilder;
import org.videotg.model.tensor.NativeRuntime;

/** The small random checkpoint of the golden values, and rows of random tokens. */
public final class TinyModel {
    public static final Path FOLDER = Path.of("../model/src/test/resources/golden/qwen3vl/b/checkpoint");

    private TinyModel() {}

    /** A model whose parameters the caller closes. */
    public static QwenVl load() {
        NativeRuntime.load();
        Parameters parameters = WeightFiles.load(FOLDER, torch.ScalarType.Float);
        return new QwenVl(QwenVlConfig.read(FOLDER.resolve("config.json")), parameters);
    }

    public static int[] tokens(long key, int count) {
        Random random = Draw.generator(1, "test-tokens", key);
        return random.ints(count, 0, 256).toArray();
    }

    public static Prefix prefix(long key, int count) {
        return new SequenceBuilder().text(tokens(key, count)).build();
    }

    public static PackedRow row(long key, int prefix, int... suffixes) {
        java.util.List<int[]> all = new java.util.ArrayList<>();
        for (int i = 0; i < suffixes.length; i++) {
            all.add(tokens(1000 * (key + 1) + i, suffixes[i]));
        }
        return new PackedRow(prefix(key, prefix), all);
    }
}
