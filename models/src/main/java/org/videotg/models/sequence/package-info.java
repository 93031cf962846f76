/**
 * Token sequences: tokenizer, chat template, position ids, and rows that pack a prefix with suffixes. Plain arrays, no
 * tensors.
 */
package org.videotg.models.sequence;
