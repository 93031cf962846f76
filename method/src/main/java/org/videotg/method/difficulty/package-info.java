/**
 * Difficulty of a sample from zero-shot predictions: settings, formula and verdict. Pure values: asking a model belongs to the
 * module {@code agents}. Estimating difficulty by zero-shot IoU is the paper's; K, temperature, tau and
 * difficulty = 1 - mean IoU are defined by this project.
 */
package org.videotg.method.difficulty;
