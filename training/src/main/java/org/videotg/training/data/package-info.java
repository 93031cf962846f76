/** Training samples, their order, and their prompts under the curriculum's mask. Losses and optimizers are not used here. */
package org.videotg.training.data;
