package org.videotg.models.safetensors;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types of safetensors that this project reads and writes. */
public enum SafetensorsDtype {
    F64(8, ScalarType.Double),
    F32(4, ScalarType.Float),
    F16(2, ScalarType.Half),
    BF16(2, ScalarType.BFloat16),
    I64(8, ScalarType.Long),
    I32(4, ScalarType.Int),
    I16(2, ScalarType.Short),
    U8(1, ScalarType.Byte),
    I8(1, ScalarType.Char),
    BOOL(1, ScalarType.Bool);

    private final int bytes;
    private final ScalarType scalarType;

    SafetensorsDtype(int bytes, ScalarType scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    /** Bytes of an element. */
    public int bytes() {
        return bytes;
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    /** Returns the dtype of a type of libtorch. */
    public static SafetensorsDtype of(ScalarType type) {
        for (SafetensorsDtype dtype : values()) {
            // intern(): a value from native code is another object with the same number.
            if (dtype.scalarType.intern() == type.intern()) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("no safetensors type for " + type);
    }
}
