/**
 * What one optimisation step is made of, whatever is trained: gradients of several workers, log-probabilities of chosen tokens.
 * No loss, no prompt and no recipe may enter.
 */
package org.videotg.training.step;
