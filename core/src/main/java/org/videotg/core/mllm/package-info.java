/**
 * The port through which anyone asks a multimodal LLM: the embedded model, or a server behind an adapter. Values and
 * interfaces only; no agent, no prompt text, no tensor may enter.
 */
package org.videotg.core.mllm;
