/** The family Qwen2.5-VL. No other package depends on this one. */
package org.videotg.models.qwen25vl;
