package org.videotg.models.checkpoint;

import java.util.List;
import java.util.Locale;

/** Weight files that can run code when they are opened. None is ever read, copied or downloaded. */
public final class Pickles {
    private static final List<String> ENDINGS = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle");

    private Pickles() {}

    /** Whether a file of this name is a pickle by convention. */
    public static boolean is(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(lower::endsWith);
    }

    /** Why the file is not read, and what to do. */
    public static String refusal(String name) {
        return name
                + " is a Python pickle, which can run any code when it is read; take safetensors weights, or convert it with"
                + " save_pretrained of transformers";
    }
}
