/**
 * The port through which the program asks a multimodal LLM, and the backends behind it. Values and interfaces only: no
 * agents, prompt texts or tensors.
 */
package org.videotg.core.mllm;
