/**
 * Difficulty estimation: settings, formula, verdict and agent. Difficulty by zero-shot IoU is published; K,
 * temperature, tau and difficulty = 1 - mean IoU are defined by this project.
 */
package org.videotg.method.difficulty;
