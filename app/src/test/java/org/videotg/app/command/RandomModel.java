package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import org.videotg.smallworld.pretrain.SmallModel;
import org.videotg.smallworld.pretrain.SmallTokenizer;

/** A checkpoint of random weights: it answers nonsense, quickly. */
public final class RandomModel {
    private RandomModel() {}

    public static Path create(Path folder) {
        new SmallModel(1, 16, 32, 2, 16, 4, 16, List.of(0), 1, 32, 64, 2, 1, 16, List.of(4, 2, 2), 10000, 64, 64)
                .create(folder, new SmallTokenizer(), 1);
        return folder;
    }
}
