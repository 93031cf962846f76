/** Optimizers, learning-rate schedules and gradient clipping over parameters by name. Where gradients come from is unknown here. */
package org.videotg.train.optim;
