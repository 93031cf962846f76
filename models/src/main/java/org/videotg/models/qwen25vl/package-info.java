/** Qwen2.5-VL: its configuration, vision tower, preprocessing and chat template. No other package depends on it. */
package org.videotg.models.qwen25vl;
