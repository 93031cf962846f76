/**
 * The mask curriculum for hard samples: the ratio at a training step and the grids it hides. Masks that depend on the
 * training step are published; schedules, visible window, orders and numbers are defined by this project.
 */
package org.videotg.method.curriculum;
