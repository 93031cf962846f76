/**
 * A checkpoint's folder opened in this process, and the model in it behind the port {@link org.videotg.core.mllm.Mllm}. The only
 * package that puts all the others together; none of them may depend on it.
 */
package org.videotg.models.embedded;
