package org.videotg.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.run.Draw;
import org.videotg.models.Model;
import org.videotg.models.ModelConfig;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.training.gradient.ModelWorkers;

/** Loads the small random checkpoints of the golden values, and makes rows of random tokens. */
public final class TinyModel {
    /** The folder of golden values, with a folder for each family. */
    public static final Path GOLDEN = Path.of("../models/src/test/resources/golden");

    private TinyModel() {}

    /** Returns a Qwen3-VL that the caller closes. */
    public static Model load() {
        return load(checkpoint("qwen3vl"));
    }

    /** Returns the model of a checkpoint; the caller closes it. */
    public static Model load(Path folder) {
        NativeRuntime.load();
        ModelParameters parameters = WeightsReader.load(folder, torch.ScalarType.Float);
        return new Model(ModelConfig.read(folder.resolve("config.json")), parameters);
    }

    /** Returns workers that train every parameter. */
    public static ModelWorkers workers(Model master, int workers) {
        return new ModelWorkers(master, master.parameters().all().keySet(), workers);
    }

    /** Returns the folder of a family's checkpoint. */
    static Path checkpoint(String family) {
        return GOLDEN.resolve(family).resolve("b/checkpoint");
    }

    public static int[] tokens(long key, int count) {
        Random random = Draw.generator(1, "test-tokens", key);
        return random.ints(count, 0, 256).toArray();
    }

    public static Prefix prefix(long key, int count) {
        return new SequenceBuilder().text(tokens(key, count)).build();
    }

    public static PackedRow row(long key, int prefix, int... suffixes) {
        List<int[]> all = new ArrayList<>();
        for (int i = 0; i < suffixes.length; i++) {
            all.add(tokens(1000 * (key + 1) + i, suffixes[i]));
        }
        return new PackedRow(prefix(key, prefix), all);
    }
}
