package org.videotg.models.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;

/** Types that a model computes in. float16 is missing, since training in it needs scaled losses. */
public enum Precision {
    FLOAT32("float32", torch.ScalarType.Float),
    BFLOAT16("bfloat16", torch.ScalarType.BFloat16);

    private final String label;
    private final torch.ScalarType type;

    Precision(String label, torch.ScalarType type) {
        this.label = label;
        this.type = type;
    }

    /** @throws InputException if there is no such type */
    public static Precision parse(String text) {
        return Arrays.stream(values())
                .filter(value -> value.label.equals(text))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown dtype \"" + text + "\"; known: "
                        + Arrays.stream(values()).map(Precision::toString).collect(Collectors.joining(", "))));
    }

    /** As libtorch has it. */
    public torch.ScalarType type() {
        return type;
    }

    /** The name PyTorch has for it. */
    @Override
    public String toString() {
        return label;
    }
}
