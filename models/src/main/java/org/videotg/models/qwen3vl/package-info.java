/** The family Qwen3-VL. No other package depends on this one. */
package org.videotg.models.qwen3vl;
