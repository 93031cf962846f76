/** Qwen3-VL: its configuration, vision tower, preprocessing and chat template. No other package depends on it. */
package org.videotg.models.qwen3vl;
