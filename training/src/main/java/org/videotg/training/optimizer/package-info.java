/** The optimizer, its learning rate and gradient clipping, over parameters and gradients by name. */
package org.videotg.training.optimizer;
