/** The optimizer, its learning rate and gradient clipping, over parameters by name. */
package org.videotg.training.optimizer;
