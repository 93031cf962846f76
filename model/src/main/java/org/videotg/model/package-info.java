/** Qwen3-VL as one model, and the embedded implementation of the port {@code Mllm}. The parts live in the packages below. */
package org.videotg.model;
