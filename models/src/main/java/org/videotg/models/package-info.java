/**
 * Models and opened checkpoints, as training, generation and agents see them. {@link org.videotg.models.ModelFamily} is
 * what a family implements.
 */
package org.videotg.models;
