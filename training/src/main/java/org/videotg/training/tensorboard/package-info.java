/** Event files for TensorBoard: scalars of each step, replies as text, and pictures of timelines. */
package org.videotg.training.tensorboard;
