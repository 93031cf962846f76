/**
 * Forward and backward passes: log-probabilities of reply tokens, and gradients summed over workers. No losses, prompts
 * or recipes.
 */
package org.videotg.training.gradient;
