/**
 * Temporal grids (pairs of frames, the unit in which Qwen-VL models see time) and masks over them. No pixels and no
 * schedules: which grids a curriculum masks is decided in {@code curriculum}, how they are hidden in {@code model}.
 */
package org.videotg.core.grid;
