/**
 * The layer over libtorch: start-up, devices, and tensors from and to Java arrays. A tensor belongs to the
 * {@link org.bytedeco.javacpp.PointerScope} that is open when it is made;
 * {@link org.videotg.models.tensor.Tensors#keep} makes one that lives until
 * {@link org.videotg.models.tensor.Tensors#release}.
 */
package org.videotg.models.tensor;
