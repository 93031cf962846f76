/** Training samples, their order and their prompts under the curriculum's mask. No loss and no optimizer may enter. */
package org.videotg.training.data;
