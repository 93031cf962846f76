/**
 * Forward and backward passes of training, whatever the loss: log-probabilities of reply tokens in packed rows, and gradients
 * summed over workers. Losses, prompts and recipes are not used here.
 */
package org.videotg.training.gradient;
