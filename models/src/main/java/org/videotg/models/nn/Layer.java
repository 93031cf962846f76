package org.videotg.models.nn;

import org.bytedeco.pytorch.Tensor;

/** A part of a model with one input and one output. */
@FunctionalInterface
public interface Layer {
    /** Returns the output for {@code x}; sizes are those of the implementation, leading dimensions are kept. */
    Tensor forward(Tensor x);
}
