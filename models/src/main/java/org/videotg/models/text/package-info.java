/**
 * The language model of every family: hidden states from embeddings, positions and an {@link org.videotg.models.text.Attention}.
 * How rows are packed or cached is a matter of the attention, so there is one forward for training, prefill and decoding. No
 * sampling, no loss.
 */
package org.videotg.models.text;
