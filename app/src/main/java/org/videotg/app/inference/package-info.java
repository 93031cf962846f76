/** The evaluation of a model on a file of samples. Commands ask through {@link org.videotg.core.mllm.Backend}. */
package org.videotg.app.inference;
