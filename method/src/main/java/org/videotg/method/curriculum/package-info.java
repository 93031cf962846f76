/**
 * The mask curriculum for hard samples: how much is masked at a training step, and which grids. Pure functions: how a masked
 * grid is hidden from a model belongs to {@code model}, the training loop to {@code train}. That the videos of hard samples are
 * masked dynamically by the training step, easier at first and whole at the end, is the paper's; schedules, visible window,
 * orders and every number are defined by this project.
 */
package org.videotg.method.curriculum;
