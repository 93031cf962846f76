/** Optimizers, learning rates and gradient clipping over parameters by name. Where gradients come from is not known here. */
package org.videotg.training.optim;
