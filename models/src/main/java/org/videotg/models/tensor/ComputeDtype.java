package org.videotg.models.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;

/** Types that a model computes in. float16 is missing, since training in it needs scaled losses. */
public enum ComputeDtype {
    FLOAT32("float32", torch.ScalarType.Float),
    BFLOAT16("bfloat16", torch.ScalarType.BFloat16);

    private final String id;
    private final torch.ScalarType type;

    ComputeDtype(String id, torch.ScalarType type) {
        this.id = id;
        this.type = type;
    }

    /** @throws InputException if there is no such type */
    public static ComputeDtype parse(String text) {
        return Arrays.stream(values())
                .filter(value -> value.id.equals(text))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown dtype \"" + text + "\"; known: "
                        + Arrays.stream(values()).map(ComputeDtype::toString).collect(Collectors.joining(", "))));
    }

    /** Returns libtorch's type. */
    public torch.ScalarType type() {
        return type;
    }

    /** Returns PyTorch's name. */
    @Override
    public String toString() {
        return id;
    }
}
