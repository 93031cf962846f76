/** Training samples, their order, and their prompts under the curriculum's mask. No losses or optimizers. */
package org.videotg.training.data;
