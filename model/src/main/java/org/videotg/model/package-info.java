/** Qwen3-VL as one model. Its parts live in the packages below; what opens a checkpoint and answers with it, in {@code embedded}. */
package org.videotg.model;
