/**
 * The thin layer over libtorch: start-up of the native library, tensors from and to Java arrays. No model code may enter.
 *
 * <p>Ownership: every tensor belongs to the {@link org.bytedeco.javacpp.PointerScope} that is open when it is made and dies with
 * it. What must live longer is made with {@link org.videotg.models.tensor.Tensors#keep} and ends with
 * {@link org.videotg.models.tensor.Tensors#release}.
 */
package org.videotg.models.tensor;
