/**
 * Training in several processes, the ranks: where a rank is, the group in which ranks exchange values and tensors, the
 * watch over the other ranks, and the flat layout in which gradients travel. No losses, models or recipes.
 */
package org.videotg.training.distributed;
