/**
 * Qwen2.5-VL and Qwen3-VL as one model: size and family are configuration. Its parts live in the packages below; what opens a
 * checkpoint and answers with it, in {@code embedded}.
 */
package org.videotg.models;
