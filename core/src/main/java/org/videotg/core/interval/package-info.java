/**
 * Intervals of time in seconds and their set algebra (merge, subtract, IoU). Pure functions and values: no samples, no
 * rewards, no video.
 */
package org.videotg.core.interval;
