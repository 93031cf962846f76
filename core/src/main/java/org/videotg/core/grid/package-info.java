/**
 * Temporal grids (pairs of frames, the unit of time in Qwen-VL models) and masks over them. No pixels and no schedules.
 */
package org.videotg.core.grid;
