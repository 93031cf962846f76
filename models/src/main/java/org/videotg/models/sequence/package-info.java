/**
 * Token sequences: the tokenizer, the chat template with its video part, position ids on three axes, and rows that pack a shared
 * prefix with several suffixes. Plain arrays; no tensors.
 */
package org.videotg.models.sequence;
